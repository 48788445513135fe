package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/**
 * Where a submitted task went.
 *
 * @param placed false: no worker is less loaded than the owner, which flushes itself
 * @param worker its number at this node; 0 if not placed
 * @param workerName empty if not placed
 */
public record Placement(boolean placed, long worker, String workerName) implements Message {

  public static final Placement DECLINED = new Placement(false, 0, "");

  @Override
  public void encode(WireWriter out) {
    Codec.putFlag(out, placed);
    out.putLong(worker).putString(workerName);
  }

  public static Placement decode(WireReader in) {
    boolean placed = Codec.getFlag(in);
    long worker = in.getLong();
    return new Placement(placed, worker, in.getString(Protocol.MAX_NAME_BYTES));
  }
}
