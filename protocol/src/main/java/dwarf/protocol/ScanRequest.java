package dwarf.protocol;

import dwarf.base.Limits;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.util.List;
import java.util.UUID;

/**
 * Asks for the next rows of one column family in key order.
 *
 * @param newestFirst the shards to merge, any number of memtables
 */
public record ScanRequest(
    UUID database, long epoch, long sequence, List<ShardHandle> newestFirst, Range range)
    implements Message {

  /**
   * What to walk over, and how far.
   *
   * @param start where to begin; null is the end of the data the walk comes from
   * @param end forward: the first key not wanted; reverse: the last key wanted; null is no bound
   * @param maxRows the node may send fewer
   * @param maxBytes of keys and values; at least one row is sent, and the node may send fewer
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never changed
  public record Range(
      byte[] start, boolean startInclusive, byte[] end, boolean reverse, int maxRows, int maxBytes)
      implements Message {

    @Override
    public void encode(WireWriter out) {
      Codec.putOptionalBytes(out, start);
      Codec.putFlag(out, startInclusive);
      Codec.putOptionalBytes(out, end);
      Codec.putFlag(out, reverse);
      out.putInt(maxRows).putInt(maxBytes);
    }

    public static Range decode(WireReader in) {
      byte[] start = Codec.getOptionalBytes(in, Limits.MAX_KEY_BYTES);
      boolean startInclusive = Codec.getFlag(in);
      byte[] end = Codec.getOptionalBytes(in, Limits.MAX_KEY_BYTES);
      boolean reverse = Codec.getFlag(in);
      int maxRows = Codec.getNotNegativeInt(in, "maxRows");
      int maxBytes = Codec.getNotNegativeInt(in, "maxBytes");
      return new Range(start, startInclusive, end, reverse, maxRows, maxBytes);
    }
  }

  @Override
  public void encode(WireWriter out) {
    out.putUuid(database).putLong(epoch).putLong(sequence);
    Codec.putList(out, newestFirst);
    range.encode(out);
  }

  public static ScanRequest decode(WireReader in) {
    UUID database = in.getUuid();
    long epoch = in.getLong();
    long sequence = in.getLong();
    List<ShardHandle> handles =
        Codec.getList(in, Protocol.MAX_HANDLES, ShardHandle.BYTES, ShardHandle::decode);
    return new ScanRequest(database, epoch, sequence, handles, Range.decode(in));
  }
}
