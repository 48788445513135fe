package dwarf.protocol;

import dwarf.base.Limits;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.util.List;

/** The shards of one memtable that a flush task reads. */
public record MemtableShards(
    long memtable, long firstSequence, long lastSequence, List<RemoteShard> shards)
    implements Message {

  static final int LEAST_BYTES = 28;

  @Override
  public void encode(WireWriter out) {
    out.putLong(memtable).putLong(firstSequence).putLong(lastSequence);
    Codec.putList(out, shards);
  }

  public static MemtableShards decode(WireReader in) {
    long memtable = in.getLong();
    long first = Codec.getNotNegative(in, "firstSequence");
    long last = Codec.getNotNegative(in, "lastSequence");
    return new MemtableShards(
        memtable,
        first,
        last,
        Codec.getList(in, Limits.MAX_SHARDS, RemoteShard.LEAST_BYTES, RemoteShard::decode));
  }
}
