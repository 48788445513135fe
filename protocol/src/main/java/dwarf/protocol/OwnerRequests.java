package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What an engine asks about the memory and the flush tasks of its databases. */
public final class OwnerRequests {

  private OwnerRequests() {}

  /** The reply to requests that have nothing to tell. */
  public record Nothing() implements Message {
    @Override
    public void encode(WireWriter out) {}

    public static Nothing decode(WireReader in) {
      return new Nothing();
    }
  }

  public record Hello(int version) implements Message {
    @Override
    public void encode(WireWriter out) {
      out.putInt(version);
    }

    public static Hello decode(WireReader in) {
      return new Hello(in.getInt());
    }
  }

  /** Who asks: every request about a database begins with it. */
  public record Session(UUID database, long epoch) implements Message {
    @Override
    public void encode(WireWriter out) {
      out.putUuid(database).putLong(epoch);
    }

    public static Session decode(WireReader in) {
      UUID database = in.getUuid();
      return new Session(database, Codec.getNotNegative(in, "epoch"));
    }
  }

  public record Attach(Session session, long quotaBytes) implements Message {
    @Override
    public void encode(WireWriter out) {
      session.encode(out);
      out.putLong(quotaBytes);
    }

    public static Attach decode(WireReader in) {
      Session session = Session.decode(in);
      return new Attach(session, Codec.getNotNegative(in, "quotaBytes"));
    }
  }

  public record Inventory(List<ShardInventory> shards) implements Message {
    @Override
    public void encode(WireWriter out) {
      Codec.putList(out, shards);
    }

    public static Inventory decode(WireReader in) {
      return new Inventory(
          Codec.getList(
              in,
              Protocol.MAX_SHARDS_PER_DATABASE,
              ShardInventory.LEAST_BYTES,
              ShardInventory::decode));
    }
  }

  public record Allocate(Session session, ShardKey key, long bytes) implements Message {
    @Override
    public void encode(WireWriter out) {
      session.encode(out);
      key.encode(out);
      out.putLong(bytes);
    }

    public static Allocate decode(WireReader in) {
      Session session = Session.decode(in);
      ShardKey key = ShardKey.decode(in);
      return new Allocate(session, key, Codec.getNotNegative(in, "bytes"));
    }
  }

  public record Seal(Session session, ShardHandle handle) implements Message {
    @Override
    public void encode(WireWriter out) {
      session.encode(out);
      handle.encode(out);
    }

    public static Seal decode(WireReader in) {
      Session session = Session.decode(in);
      return new Seal(session, ShardHandle.decode(in));
    }
  }

  public record Free(Session session, List<ShardHandle> shards) implements Message {
    @Override
    public void encode(WireWriter out) {
      session.encode(out);
      Codec.putList(out, shards);
    }

    public static Free decode(WireReader in) {
      Session session = Session.decode(in);
      return new Free(
          session,
          Codec.getList(
              in, Protocol.MAX_SHARDS_PER_DATABASE, ShardHandle.BYTES, ShardHandle::decode));
    }
  }

  /**
   * A task to be placed.
   *
   * @param ownerScore the owner's own load; only a worker below it gets the task
   */
  public record Submit(FlushTask task, double ownerScore) implements Message {
    @Override
    public void encode(WireWriter out) {
      task.encode(out);
      out.putLong(Double.doubleToLongBits(ownerScore));
    }

    public static Submit decode(WireReader in) {
      FlushTask task = FlushTask.decode(in);
      double score = Double.longBitsToDouble(in.getLong());
      if (Double.isNaN(score)) {
        throw in.damaged("ownerScore is not a number");
      }
      return new Submit(task, score);
    }
  }

  public record Await(UUID attempt, Duration patience) implements Message {
    @Override
    public void encode(WireWriter out) {
      out.putUuid(attempt);
      Codec.putMillis(out, patience);
    }

    public static Await decode(WireReader in) {
      UUID attempt = in.getUuid();
      return new Await(attempt, Codec.getMillis(in, "wait"));
    }
  }

  public record Cancel(UUID attempt) implements Message {
    @Override
    public void encode(WireWriter out) {
      out.putUuid(attempt);
    }

    public static Cancel decode(WireReader in) {
      return new Cancel(in.getUuid());
    }
  }
}
