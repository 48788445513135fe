package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.util.List;
import java.util.UUID;

/**
 * Asks for many keys at one sequence number.
 *
 * @param handles every shard that some key names by its position here
 */
public record MultiGetRequest(
    UUID database, long epoch, long sequence, List<ShardHandle> handles, List<KeyCandidates> keys)
    implements Message {

  /** The same question about the keys from position {@code first} on. */
  MultiGetRequest from(int first) {
    return new MultiGetRequest(
        database, epoch, sequence, handles, keys.subList(first, keys.size()));
  }

  @Override
  public void encode(WireWriter out) {
    out.putUuid(database).putLong(epoch).putLong(sequence);
    Codec.putList(out, handles);
    Codec.putList(out, keys);
  }

  public static MultiGetRequest decode(WireReader in) {
    UUID database = in.getUuid();
    long epoch = in.getLong();
    long sequence = in.getLong();
    List<ShardHandle> handles =
        Codec.getList(in, Protocol.MAX_HANDLES, ShardHandle.BYTES, ShardHandle::decode);
    List<KeyCandidates> keys =
        Codec.getList(in, Protocol.MAX_KEYS, KeyCandidates.LEAST_BYTES, KeyCandidates::decode);
    for (KeyCandidates key : keys) {
      for (int position : key.newestFirst()) {
        if (position >= handles.size()) {
          throw in.damaged("candidate " + position + " of " + handles.size() + " handles");
        }
      }
    }
    return new MultiGetRequest(database, epoch, sequence, handles, keys);
  }
}
