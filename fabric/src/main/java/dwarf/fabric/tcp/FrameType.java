package dwarf.fabric.tcp;

/** What a frame means; the codes are never reused. */
enum FrameType {
  /** First frame of the connecting side: {@link Hello}. */
  HELLO(1),
  /** First frame of the accepting side, its answer: {@link Hello}. */
  WELCOME(2),
  /** A message for the handler; the code is the opcode. */
  REQUEST(3),
  /** The answer to a request or to a one-sided operation. */
  REPLY(4),
  /** The refusal of an operation, or with id 0 of the connection; the code is the kind. */
  ERROR(5),
  /** An {@link AccessDescriptor}, then the bytes to write there. */
  WRITE(6),
  /** An {@link AccessDescriptor} of the bytes to send back. */
  READ(7),
  /** Says only that the sender is alive. */
  PING(8);

  private static final FrameType[] BY_CODE = new FrameType[9];

  static {
    for (FrameType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;

  FrameType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The type with that code, or null. */
  static FrameType fromCode(int code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
