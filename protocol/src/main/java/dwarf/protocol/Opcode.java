package dwarf.protocol;

import dwarf.base.DwarfException;

/** Every request a memory node answers; the codes never change and are never reused. */
public enum Opcode {
  /** {@link OwnerRequests.Hello} to {@link NodeInfo}; the first request of every connection. */
  HELLO(1),
  /** {@link OwnerRequests.Attach} to {@link OwnerRequests.Inventory}. */
  ATTACH(2),
  /** {@link OwnerRequests.Session} to nothing. */
  RENEW(3),
  /** {@link OwnerRequests.Allocate} to {@link RemoteShard}. */
  ALLOCATE(4),
  /** {@link OwnerRequests.Seal} to {@link RemoteShard}. */
  SEAL(5),
  /** {@link OwnerRequests.Free} to nothing. */
  FREE(6),

  /** {@link GetRequest} to {@link GetReply}. */
  GET(16),
  /** {@link MultiGetRequest} to {@link MultiGetReply}. */
  MULTI_GET(17),
  /** {@link ScanRequest} to {@link ScanReply}. */
  SCAN(18),

  /** {@link OwnerRequests.Submit} to {@link Placement}. */
  SUBMIT(32),
  /** {@link OwnerRequests.Await} to {@link TaskStatus}. */
  AWAIT(33),
  /** {@link OwnerRequests.Cancel} to nothing. */
  CANCEL(34),

  /** {@link WorkerInfo} to {@link WorkerLease}. */
  REGISTER(48),
  /** {@link WorkerRequests.Take} to {@link WorkerRequests.Taken}. */
  TAKE(49),
  /** {@link WorkerRequests.Heartbeat} to {@link WorkerRequests.HeartbeatReply}. */
  HEARTBEAT(50),
  /** {@link WorkerRequests.Complete} to nothing. */
  COMPLETE(51),
  /** {@link WorkerRequests.Fail} to nothing. */
  FAIL(52);

  private static final Opcode[] BY_CODE = new Opcode[64];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The opcode with that code; NOT_SUPPORTED if a newer peer uses one unknown here. */
  public static Opcode fromCode(int code) {
    Opcode opcode = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    if (opcode == null) {
      throw DwarfException.notSupported(
          "opcode " + code + " is unknown to protocol version " + Protocol.VERSION);
    }
    return opcode;
  }
}
