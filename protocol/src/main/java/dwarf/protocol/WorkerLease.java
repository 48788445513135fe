package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.time.Duration;

/**
 * A worker's registration.
 *
 * @param worker random; names the worker in its later requests
 * @param lease a worker, and an attempt, not heard of for this long is given up
 */
public record WorkerLease(long worker, Duration lease) implements Message {

  @Override
  public void encode(WireWriter out) {
    out.putLong(worker);
    Codec.putMillis(out, lease);
  }

  public static WorkerLease decode(WireReader in) {
    long worker = in.getLong();
    return new WorkerLease(worker, Codec.getMillis(in, "lease"));
  }
}
