package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.memory.SharedFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one peer lends, as this process has mapped it, for reading only: the table of grants, files,
 * and which part of them each key names that was used before. All bounded: at {@link #MOST_KEYS} it
 * forgets all keys and learns the used ones anew, and beyond {@link #MOST_FILES} files it reads
 * through the ring. Thread-safe.
 */
final class PeerMemory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PeerMemory.class);
  private static final int MOST_KEYS = 16 << 10;
  private static final int MOST_FILES = 64;

  private final Arena arena = Arena.ofShared();
  private final long pid;
  private final MemorySegment slots;
  private final Map<Token, MemorySegment> files = new HashMap<>(); // guarded by this
  private final Map<RemoteKey, MappedGrant> grants = new ConcurrentHashMap<>();
  private volatile boolean useless;

  private record Token(long low, long high) {}

  /** Maps the peer's table of grants; UNAVAILABLE if that cannot be done. */
  PeerMemory(SharedFile.Location table) {
    pid = table.pid();
    try (SharedFile file = SharedFile.openSealedReadOnly(table)) {
      slots = file.map(0, GrantSlots.BYTES, false, arena);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** The grant behind a key, or null if it is not known here. */
  MappedGrant find(RemoteKey key) {
    return grants.get(key);
  }

  void forget(RemoteKey key) {
    grants.remove(key);
  }

  /** Whether it is any use to ask the peer where the bytes of a grant are. */
  boolean mayLearn() {
    return !useless;
  }

  /** Remembers where the peer says that a key's bytes are. */
  synchronized void learn(RemoteKey key, GrantRecord where) {
    if (useless) {
      return;
    }
    try {
      MemorySegment file = file(where);
      if (grants.size() >= MOST_KEYS) {
        grants.clear();
      }
      MemorySegment range = file.asSlice(where.offset(), where.length());
      grants.put(key, new MappedGrant(range, slots, where.slot(), where.generation()));
    } catch (DwarfException e) {
      useless = true;
      LOG.warn("reading through the ring instead of by mapping: {}", e.getMessage());
    }
  }

  private MemorySegment file(GrantRecord where) {
    Token token = new Token(where.tokenLow(), where.tokenHigh());
    MemorySegment known = files.get(token);
    if (known != null && known.byteSize() == where.fileBytes()) {
      return known;
    }
    if (files.size() >= MOST_FILES) {
      throw DwarfException.unavailable("the peer lends more than " + MOST_FILES + " files");
    }
    SharedFile.Location location =
        new SharedFile.Location(
            pid, where.fd(), where.fileBytes(), where.tokenLow(), where.tokenHigh());
    try (SharedFile file = SharedFile.openReadOnly(location)) {
      MemorySegment mapped = file.map(0, where.fileBytes(), false, arena);
      files.put(token, mapped);
      return mapped;
    }
  }

  /** Unmaps everything; a read under way ends with an error. */
  @Override
  public synchronized void close() {
    useless = true;
    grants.clear();
    files.clear();
    arena.close();
  }
}
