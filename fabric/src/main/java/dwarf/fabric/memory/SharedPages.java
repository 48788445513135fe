package dwarf.fabric.memory;

import dwarf.base.Invariants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Memory that other processes of this host may map for reading: a nameless file in a directory.
 *
 * <p>Pages are committed piece by piece. Touching a page that a full file system cannot supply is a
 * SIGBUS, so each piece is allocated before its first use, where a refusal is an ordinary error.
 * Rejected: allocating the whole range at once. That is simpler and refuses at the start, but it
 * takes the memory of a pool that may never fill, and it does not even last: what {@link #discard}
 * has given back must be allocated again before it is used again.
 */
public final class SharedPages implements Pages {

  private final SharedFile file;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  private SharedPages(SharedFile file, long bytes) {
    this.file = file;
    memory = file.map(0, bytes, true, arena);
  }

  public static SharedPages reserve(Path directory, long bytes) {
    SharedFile file = SharedFile.inDirectory(directory, Math.ceilDiv(bytes, BYTES) * BYTES);
    try {
      return new SharedPages(file, bytes);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  public SharedFile.Location location() {
    return file.location();
  }

  @Override
  public MemorySegment memory() {
    return memory;
  }

  @Override
  public void commit(long offset, long length) {
    memory.asSlice(offset, length);
    file.commit(offset, length);
  }

  @Override
  public void discard(long offset, long length) {
    Invariants.check(offset % BYTES == 0 && length % BYTES == 0, "pages are discarded whole");
    memory.asSlice(offset, length);
    file.discard(offset, length);
  }

  /** Frees the pages even while peers still have them mapped. */
  @Override
  public void close() {
    arena.close();
    file.discard(0, file.location().bytes());
    file.close();
  }
}
