package dwarf.base;

/**
 * The one exception of DwaRF-LSM. Its {@link Kind} says what the caller can do next; the message
 * says what happened, where, and what to do. Unchecked, because most callers can only pass it on.
 */
public final class DwarfException extends RuntimeException {

  /** What the caller does next; a kind exists only if that differs from all others. */
  public enum Kind {
    /** Fix the request: a bad argument, option, flag or key. */
    INVALID_ARGUMENT(1),
    /** The operation is not supported by this version or this configuration. */
    NOT_SUPPORTED(2),
    /** Refused for now by back-pressure or a quota; retry after a pause. */
    BUSY(3),
    /** The answer is not known now (node down, deadline passed); retry, never assume. */
    UNAVAILABLE(4),
    /** Stored or received bytes are damaged; restore or rebuild them. */
    CORRUPTION(5),
    /** The file system or the SST tier failed; look at the cause, then reopen. */
    IO_ERROR(6),
    /** A device, pool or quota is full; make room, then retry. */
    NO_SPACE(7),
    /** Another owner with a newer epoch has taken over; this one must stop. */
    FENCED(8),
    /** The object has been closed. */
    CLOSED(9),
    /** A handle, block or region no longer exists under that generation; look it up again. */
    STALE_HANDLE(10),
    /** A bug in DwaRF-LSM; please report it. */
    INTERNAL(11);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The number that stands for this kind on the wire; never reused. */
    public int code() {
      return code;
    }

    /** The kind with that wire number; {@link #INTERNAL} if a newer peer sent one unknown here. */
    public static Kind fromCode(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return INTERNAL;
    }
  }

  private final Kind kind;

  public DwarfException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public DwarfException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  public static DwarfException invalid(String message) {
    return new DwarfException(Kind.INVALID_ARGUMENT, message);
  }

  public static DwarfException notSupported(String message) {
    return new DwarfException(Kind.NOT_SUPPORTED, message);
  }

  public static DwarfException corruption(String message) {
    return new DwarfException(Kind.CORRUPTION, message);
  }

  public static DwarfException unavailable(String message) {
    return new DwarfException(Kind.UNAVAILABLE, message);
  }

  public static DwarfException io(String message, Throwable cause) {
    return new DwarfException(Kind.IO_ERROR, message, cause);
  }
}
