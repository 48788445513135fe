package dwarf.fabric.ucx;

/** What a message means; the codes are never reused. */
enum MessageType {
  /** First message of the connecting side: {@link Hello}. */
  HELLO(1),
  /** First message of the accepting side, its answer: {@link Hello}. */
  WELCOME(2),
  /** A message for the handler; the code is the opcode. */
  REQUEST(3),
  /** The answer to a request or to a one-sided operation. */
  REPLY(4),
  /** The refusal of an operation, or with id 0 of the connection; the code is the kind. */
  ERROR(5),
  /** The bytes to write at the place that the head names. */
  WRITE(6),
  /** Asks for the bytes at the place that the head names. */
  READ(7),
  /** Says only that the sender is alive. */
  PING(8),
  /** Asks for the network card's handle of the key that the head names: {@link VerbsHandle}. */
  RESOLVE(9),
  /** Says that the key that the head names has been revoked. */
  REVOKED(10),
  /** Several answers at once: {@link Bundle}. */
  BUNDLE(11);

  private static final MessageType[] BY_CODE = new MessageType[12];

  static {
    for (MessageType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;

  MessageType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** Whether the head goes on with a {@link RemotePlace}. */
  boolean namesPlace() {
    return this == WRITE || this == READ || this == RESOLVE || this == REVOKED;
  }

  /** The type with that code, or null. */
  static MessageType fromCode(int code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
