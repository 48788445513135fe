package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/**
 * Names one allocation on one memory node; means nothing to another database, another incarnation
 * of the node, or once the allocation was freed.
 *
 * @param id random
 * @param generation counts the node's allocations, so that an id never names two of them
 */
public record ShardHandle(long id, long generation) implements Message {

  static final int BYTES = 16;

  @Override
  public void encode(WireWriter out) {
    out.putLong(id).putLong(generation);
  }

  public static ShardHandle decode(WireReader in) {
    long id = in.getLong();
    return new ShardHandle(id, in.getLong());
  }

  @Override
  public String toString() {
    return Long.toHexString(id) + "/" + generation;
  }
}
