package dwarf.wal.io;

import java.io.IOException;

/** A failed file operation with the operating system's error number. */
public final class DiskError extends IOException {

  /** Input/output error. */
  public static final int EIO = 5;

  /** No space left on device. */
  public static final int ENOSPC = 28;

  /** Disk quota exceeded. */
  public static final int EDQUOT = 122;

  private final int errno;

  public DiskError(String operation, Object file, int errno) {
    super(operation + " " + file + ": " + describe(errno));
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  /** Whether the file system or a quota is full: it may work again later. */
  public boolean isNoSpace() {
    return errno == ENOSPC || errno == EDQUOT;
  }

  private static String describe(int errno) {
    return switch (errno) {
      case EIO -> "input/output error";
      case ENOSPC -> "no space left on device";
      case EDQUOT -> "disk quota exceeded";
      default -> "errno " + errno;
    };
  }
}
