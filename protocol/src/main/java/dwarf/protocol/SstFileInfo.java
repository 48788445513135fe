package dwarf.protocol;

import dwarf.base.Limits;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/**
 * What a worker says about one file it wrote; the owner verifies it against the file.
 *
 * @param name within the task's stage directory, no path
 * @param crc32c of the whole file
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never changed
public record SstFileInfo(
    String name, long bytes, long entries, byte[] smallest, byte[] largest, int crc32c)
    implements Message {

  static final int LEAST_BYTES = 32;

  @Override
  public void encode(WireWriter out) {
    out.putString(name).putLong(bytes).putLong(entries);
    out.putBytes(smallest).putBytes(largest).putInt(crc32c);
  }

  public static SstFileInfo decode(WireReader in) {
    String name = in.getString(Protocol.MAX_PATH_BYTES);
    long bytes = Codec.getNotNegative(in, "bytes");
    long entries = Codec.getNotNegative(in, "entries");
    byte[] smallest = in.getBytes(Limits.MAX_KEY_BYTES);
    byte[] largest = in.getBytes(Limits.MAX_KEY_BYTES);
    return new SstFileInfo(name, bytes, entries, smallest, largest, in.getInt());
  }
}
