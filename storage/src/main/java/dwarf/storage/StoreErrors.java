package dwarf.storage;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Turns RocksDB's statuses into the kinds a caller can act on. */
final class StoreErrors {

  /** In the system's words: opening wraps the status of what failed and drops its subcode. */
  private static final String NO_SPACE_TEXT = "No space left on device";

  private StoreErrors() {}

  static DwarfException of(String doing, RocksDBException e) {
    return new DwarfException(kind(e), doing + " failed: " + describe(e), e);
  }

  static Kind kind(RocksDBException e) {
    Status status = e.getStatus();
    String text = String.valueOf(e.getMessage());
    if (text.contains("does not match existing comparator")) {
      return Kind.NOT_SUPPORTED;
    }
    if (status == null) {
      return Kind.IO_ERROR;
    }
    if (status.getSubCode() == Status.SubCode.NoSpace || text.contains(NO_SPACE_TEXT)) {
      return Kind.NO_SPACE;
    }
    return switch (status.getCode()) {
      case Corruption -> Kind.CORRUPTION;
      case NotSupported -> Kind.NOT_SUPPORTED;
      case InvalidArgument -> Kind.INVALID_ARGUMENT;
      case Busy, TryAgain, TimedOut -> Kind.BUSY;
      case ShutdownInProgress -> Kind.CLOSED;
      case IOError -> isLock(text) ? Kind.BUSY : Kind.IO_ERROR;
      default -> Kind.IO_ERROR;
    };
  }

  private static String describe(RocksDBException e) {
    Status status = e.getStatus();
    String text = String.valueOf(e.getMessage());
    if (isLock(text)) {
      return text + " (another process or another open of this one holds the database)";
    }
    String plain = status == null ? text : status.getCode() + ": " + text;
    return kind(e) == Kind.NO_SPACE ? plain + "; make room" : plain;
  }

  private static boolean isLock(String text) {
    return text.contains("/LOCK") && (text.contains("lock hold") || text.contains("lock file"));
  }
}
