package dwarf.ycsb;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import site.ycsb.ByteArrayByteIterator;
import site.ycsb.ByteIterator;

/**
 * A YCSB record as one value. Little endian; the store below has its own checksum:
 *
 * <pre>
 *   0  u8  version, 1
 *   1  u32 number of fields
 *   5  for each: u32 length, name in UTF-8; u32 length, value
 * </pre>
 */
final class RecordCodec {

  private static final int VERSION = 1;
  private static final int LEAST_FIELD_BYTES = 8;
  private static final int MAX_NAME = 64 << 10;

  private RecordCodec() {}

  static byte[] encode(Map<String, byte[]> fields) {
    WireWriter out = new WireWriter();
    out.putByte(VERSION).putInt(fields.size());
    fields.forEach((name, value) -> out.putString(name).putBytes(value));
    return out.toByteArray();
  }

  static Map<String, byte[]> decode(byte[] record) {
    WireReader in = new WireReader("YCSB record", MemorySegment.ofArray(record));
    if (in.getUnsignedByte() != VERSION) {
      throw in.damaged("its version is not " + VERSION);
    }
    int count = in.getCount(LEAST_FIELD_BYTES);
    Map<String, byte[]> fields = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.getString(MAX_NAME);
      fields.put(name, in.getBytes(Integer.MAX_VALUE));
    }
    in.expectEnd();
    return fields;
  }

  /** Puts the wanted fields, or all if {@code wanted} is null, where YCSB wants its result. */
  static void copy(byte[] record, Set<String> wanted, Map<String, ByteIterator> into) {
    decode(record)
        .forEach(
            (name, value) -> {
              if (wanted == null || wanted.contains(name)) {
                into.put(name, new ByteArrayByteIterator(value));
              }
            });
  }
}
