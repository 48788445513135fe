package dwarf.protocol;

import dwarf.base.Limits;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.util.List;
import java.util.UUID;

/**
 * Asks for the newest version of one key that is visible at a sequence number.
 *
 * @param newestFirst the candidate shards; the first final answer ends the search
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never changed
public record GetRequest(
    UUID database, long epoch, long sequence, List<ShardHandle> newestFirst, byte[] key)
    implements Message {

  @Override
  public void encode(WireWriter out) {
    out.putUuid(database).putLong(epoch).putLong(sequence);
    Codec.putList(out, newestFirst);
    out.putBytes(key);
  }

  public static GetRequest decode(WireReader in) {
    UUID database = in.getUuid();
    long epoch = in.getLong();
    long sequence = in.getLong();
    List<ShardHandle> handles =
        Codec.getList(in, Protocol.MAX_HANDLES, ShardHandle.BYTES, ShardHandle::decode);
    return new GetRequest(database, epoch, sequence, handles, in.getBytes(Limits.MAX_KEY_BYTES));
  }
}
