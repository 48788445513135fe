package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/**
 * A sealed shard as its image's own footer describes it. A memtable is usable again only if all
 * {@code shardCount} shards of it are listed.
 *
 * @param firstSequence first of the memtable's span of sequence numbers
 * @param lastSequence last of the memtable's span
 */
public record ShardInventory(
    RemoteShard shard, long firstSequence, long lastSequence, int shardCount, long entries)
    implements Message {

  static final int LEAST_BYTES = RemoteShard.LEAST_BYTES + 28;

  @Override
  public void encode(WireWriter out) {
    shard.encode(out);
    out.putLong(firstSequence).putLong(lastSequence).putInt(shardCount).putLong(entries);
  }

  public static ShardInventory decode(WireReader in) {
    RemoteShard shard = RemoteShard.decode(in);
    long first = Codec.getNotNegative(in, "firstSequence");
    long last = Codec.getNotNegative(in, "lastSequence");
    int shardCount = Codec.getNotNegativeInt(in, "shardCount");
    return new ShardInventory(shard, first, last, shardCount, Codec.getNotNegative(in, "entries"));
  }
}
