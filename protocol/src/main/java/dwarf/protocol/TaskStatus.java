package dwarf.protocol;

import dwarf.base.DwarfException;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/** How an attempt stands. All but {@link Running} are final. */
public sealed interface TaskStatus extends Message {

  /** Placed, and its lease holds; progress is what the worker last told. */
  record Running(long progressBytes) implements TaskStatus {
    @Override
    public void encode(WireWriter out) {
      out.putByte(CODE_RUNNING).putLong(progressBytes);
    }
  }

  record Done(FlushResult result) implements TaskStatus {
    @Override
    public void encode(WireWriter out) {
      out.putByte(CODE_DONE);
      result.encode(out);
    }
  }

  /** The worker gave up; its files are not referenced by anything. */
  record Failed(DwarfException.Kind kind, String message) implements TaskStatus {
    @Override
    public void encode(WireWriter out) {
      out.putByte(CODE_FAILED).putInt(kind.code()).putString(message);
    }
  }

  /**
   * The lease ran out, or the node does not know the attempt (it restarted, or the attempt was
   * cancelled): a later result of it is refused. Try again under a new attempt.
   */
  record Lost() implements TaskStatus {
    @Override
    public void encode(WireWriter out) {
      out.putByte(CODE_LOST);
    }
  }

  int CODE_RUNNING = 0;
  int CODE_DONE = 1;
  int CODE_FAILED = 2;
  int CODE_LOST = 3;

  static TaskStatus decode(WireReader in) {
    return switch (in.getUnsignedByte()) {
      case CODE_RUNNING -> new Running(Codec.getNotNegative(in, "progressBytes"));
      case CODE_DONE -> new Done(FlushResult.decode(in));
      case CODE_FAILED -> {
        DwarfException.Kind kind = DwarfException.Kind.fromCode(in.getInt());
        yield new Failed(kind, in.getString(Protocol.MAX_ERROR_BYTES));
      }
      case CODE_LOST -> new Lost();
      default -> throw in.damaged("unknown state of a task");
    };
  }
}
