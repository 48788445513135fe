package dwarf.fabric.shm;

/** What a record means; the codes are never reused. */
enum RecordType {
  /** A message for the handler, or a part of one; the code is the opcode. */
  REQUEST(1),
  /** The answer to a request or a part of it, or the end of a write. */
  REPLY(2),
  /** The refusal of an operation; the code is the kind. */
  ERROR(3),
  /** An {@link AccessDescriptor}, then the bytes to write there. */
  WRITE(4),
  /** An {@link AccessDescriptor} of the bytes to send back. */
  READ(5),
  /** The next bytes of a read. */
  DATA(6),
  /** A {@link GrantRecord}: where the bytes of a read can be found without asking. */
  GRANT(7);

  private static final RecordType[] BY_CODE = new RecordType[8];

  static {
    for (RecordType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;

  RecordType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The type with that code, or null. */
  static RecordType fromCode(int code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }

  /** How many of {@code length} payload bytes the checksum covers; see {@link RecordHeader}. */
  int checkedBytes(int length) {
    return switch (this) {
      case DATA -> 0;
      case WRITE -> Math.min(length, AccessDescriptor.BYTES);
      case REQUEST, REPLY, ERROR, READ, GRANT -> length;
    };
  }
}
