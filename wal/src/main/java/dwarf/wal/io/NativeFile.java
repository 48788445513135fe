package dwarf.wal.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** A file descriptor of our own; see {@link NativeDisk} for why not a channel. */
final class NativeFile implements DiskFile {

  private static final int CLOSED = -1;

  /** Bounds one call, so that no single write holds its thread in the kernel for seconds. */
  private static final long PIECE = 64L << 20;

  private final Path path;

  /** Set once to {@link #CLOSED}; whoever closes makes sure that no other call is under way. */
  private volatile int fd;

  NativeFile(Path path, int fd) {
    this.path = path;
    this.fd = fd;
  }

  @Override
  public void write(MemorySegment source, long offset) throws IOException {
    if (!source.isNative()) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment copy = arena.allocate(Math.max(1, source.byteSize()));
        write(copy.asSlice(0, source.byteSize()).copyFrom(source), offset);
      }
      return;
    }
    long done = 0;
    while (done < source.byteSize()) {
      MemorySegment piece = source.asSlice(done, Math.min(PIECE, source.byteSize() - done));
      long written = Posix.write(descriptor(), piece, offset + done);
      if (written == -Posix.EINTR) {
        continue;
      }
      check("write", path, written == 0 ? -DiskError.EIO : written);
      done += written;
    }
  }

  @Override
  public long read(MemorySegment target, long offset) throws IOException {
    if (!target.isNative()) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment copy = arena.allocate(Math.max(1, target.byteSize()));
        long size = read(copy.asSlice(0, target.byteSize()), offset);
        MemorySegment.copy(copy, 0, target, 0, size);
        return size;
      }
    }
    long done = 0;
    while (done < target.byteSize()) {
      MemorySegment piece = target.asSlice(done, Math.min(PIECE, target.byteSize() - done));
      long size = Posix.read(descriptor(), piece, offset + done);
      if (size == -Posix.EINTR) {
        continue;
      }
      check("read", path, size);
      if (size == 0) {
        break;
      }
      done += size;
    }
    return done;
  }

  @Override
  public long size() throws IOException {
    long size = Posix.size(descriptor());
    check("seek", path, size);
    return size;
  }

  @Override
  public void extend(long size) throws IOException {
    long result;
    do {
      result = Posix.allocate(descriptor(), size);
    } while (result == -Posix.EINTR);
    check("allocate", path, result);
  }

  @Override
  public MappedRange map(long offset, long bytes) throws IOException {
    return NativeMapping.map(path, descriptor(), offset, bytes);
  }

  @Override
  public void truncate(long size) throws IOException {
    long result;
    do {
      result = Posix.truncate(descriptor(), size);
    } while (result == -Posix.EINTR);
    check("truncate", path, result);
  }

  @Override
  public void sync() throws IOException {
    check("sync", path, Posix.syncData(descriptor()));
  }

  @Override
  public void close() throws IOException {
    int open = fd;
    if (open != CLOSED) {
      fd = CLOSED;
      check("close", path, Posix.close(open));
    }
  }

  static void check(String operation, Path path, long result) throws DiskError {
    if (result < 0) {
      throw new DiskError(operation, path, (int) -result);
    }
  }

  private int descriptor() throws ClosedChannelException {
    int open = fd;
    if (open == CLOSED) {
      throw new ClosedChannelException();
    }
    return open;
  }
}
