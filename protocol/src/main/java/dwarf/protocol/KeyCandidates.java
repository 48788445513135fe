package dwarf.protocol;

import dwarf.base.Limits;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/**
 * One key of a multi-get.
 *
 * @param newestFirst the shards to search, as positions in {@link MultiGetRequest#handles()}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never changed
public record KeyCandidates(byte[] key, int[] newestFirst) implements Message {

  static final int LEAST_BYTES = 8;

  @Override
  public void encode(WireWriter out) {
    out.putBytes(key).putInt(newestFirst.length);
    for (int position : newestFirst) {
      out.putShort(position);
    }
  }

  public static KeyCandidates decode(WireReader in) {
    byte[] key = in.getBytes(Limits.MAX_KEY_BYTES);
    int count = in.getCount(2);
    if (count > Protocol.MAX_HANDLES) {
      throw in.damaged("a key with " + count + " candidates");
    }
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = in.getUnsignedShort();
    }
    return new KeyCandidates(key, positions);
  }
}
