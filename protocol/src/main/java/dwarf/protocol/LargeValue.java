package dwarf.protocol;

import dwarf.base.Limits;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/**
 * Where to read, one-sided, a value too large for a reply.
 *
 * @param offset within the shard's image
 * @param crc32c of the value, to be checked by who read it
 */
public record LargeValue(ShardHandle shard, long offset, int length, int crc32c)
    implements Message {

  @Override
  public void encode(WireWriter out) {
    shard.encode(out);
    out.putLong(offset).putInt(length).putInt(crc32c);
  }

  public static LargeValue decode(WireReader in) {
    ShardHandle shard = ShardHandle.decode(in);
    long offset = Codec.getNotNegative(in, "offset");
    int length = Codec.getNotNegativeInt(in, "length");
    if (length > Limits.MAX_VALUE_BYTES) {
      throw in.damaged("value of " + length + " bytes is over the limit");
    }
    return new LargeValue(shard, offset, length, in.getInt());
  }
}
