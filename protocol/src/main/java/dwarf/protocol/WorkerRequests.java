package dwarf.protocol;

import dwarf.base.DwarfException;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** What a worker tells and asks about the tasks it runs. */
public final class WorkerRequests {

  private WorkerRequests() {}

  public record Take(long worker, Duration patience) implements Message {
    @Override
    public void encode(WireWriter out) {
      out.putLong(worker);
      Codec.putMillis(out, patience);
    }

    public static Take decode(WireReader in) {
      long worker = in.getLong();
      return new Take(worker, Codec.getMillis(in, "wait"));
    }
  }

  public record Taken(Optional<FlushTask> task) implements Message {
    @Override
    public void encode(WireWriter out) {
      Codec.putFlag(out, task.isPresent());
      task.ifPresent(present -> present.encode(out));
    }

    public static Taken decode(WireReader in) {
      return new Taken(Codec.getFlag(in) ? Optional.of(FlushTask.decode(in)) : Optional.empty());
    }
  }

  /** Which attempt of which worker a request is about. */
  public record Holder(long worker, UUID attempt) implements Message {
    @Override
    public void encode(WireWriter out) {
      out.putLong(worker).putUuid(attempt);
    }

    public static Holder decode(WireReader in) {
      long worker = in.getLong();
      return new Holder(worker, in.getUuid());
    }
  }

  public record Heartbeat(Holder holder, long progressBytes, long storageBytesPerSecond)
      implements Message {
    @Override
    public void encode(WireWriter out) {
      holder.encode(out);
      out.putLong(progressBytes).putLong(storageBytesPerSecond);
    }

    public static Heartbeat decode(WireReader in) {
      Holder holder = Holder.decode(in);
      long progress = Codec.getNotNegative(in, "progressBytes");
      return new Heartbeat(holder, progress, Codec.getNotNegative(in, "storageBytesPerSecond"));
    }
  }

  /**
   * Whether the worker still has the attempt.
   *
   * @param held false: the lease is lost or the task cancelled; abandon it and delete its files
   */
  public record HeartbeatReply(boolean held) implements Message {
    @Override
    public void encode(WireWriter out) {
      Codec.putFlag(out, held);
    }

    public static HeartbeatReply decode(WireReader in) {
      return new HeartbeatReply(Codec.getFlag(in));
    }
  }

  public record Complete(Holder holder, FlushResult result) implements Message {
    @Override
    public void encode(WireWriter out) {
      holder.encode(out);
      result.encode(out);
    }

    public static Complete decode(WireReader in) {
      Holder holder = Holder.decode(in);
      return new Complete(holder, FlushResult.decode(in));
    }
  }

  public record Fail(Holder holder, DwarfException.Kind kind, String message) implements Message {
    @Override
    public void encode(WireWriter out) {
      holder.encode(out);
      out.putInt(kind.code()).putString(message);
    }

    public static Fail decode(WireReader in) {
      Holder holder = Holder.decode(in);
      DwarfException.Kind kind = DwarfException.Kind.fromCode(in.getInt());
      return new Fail(holder, kind, in.getString(Protocol.MAX_ERROR_BYTES));
    }
  }
}
