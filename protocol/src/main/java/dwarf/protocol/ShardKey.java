package dwarf.protocol;

import dwarf.base.Limits;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/** Which part of which memtable a shard is, within one database. */
public record ShardKey(int family, long memtable, int shard) implements Message {

  static final int BYTES = 16;

  @Override
  public void encode(WireWriter out) {
    out.putInt(family).putLong(memtable).putInt(shard);
  }

  public static ShardKey decode(WireReader in) {
    int family = in.getInt();
    long memtable = in.getLong();
    int shard = in.getInt();
    if (shard < 0 || shard >= Limits.MAX_SHARDS) {
      throw in.damaged("shard " + shard + ": a memtable has at most " + Limits.MAX_SHARDS);
    }
    return new ShardKey(family, memtable, shard);
  }
}
