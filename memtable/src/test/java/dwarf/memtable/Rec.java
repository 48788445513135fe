package dwarf.memtable;

import dwarf.base.Cursor;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** One record on the heap, as tests know it. */
final class Rec implements Comparable<Rec> {

  final byte[] key;
  final long sequence;
  final RecordType type;
  final byte[] value;

  Rec(byte[] key, long sequence, RecordType type, byte[] value) {
    this.key = key;
    this.sequence = sequence;
    this.type = type;
    this.value = value;
  }

  static Rec put(String key, long sequence, String value) {
    return new Rec(bytes(key), sequence, RecordType.PUT, bytes(value));
  }

  static Rec delete(String key, long sequence) {
    return new Rec(bytes(key), sequence, RecordType.DELETE, new byte[0]);
  }

  static Rec at(Cursor cursor) {
    return new Rec(
        cursor.key().toArray(ValueLayout.JAVA_BYTE),
        cursor.sequence(),
        cursor.type(),
        cursor.value().toArray(ValueLayout.JAVA_BYTE));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static MemorySegment segment(String text) {
    return MemorySegment.ofArray(bytes(text));
  }

  @Override
  public int compareTo(Rec other) {
    int order = Arrays.compareUnsigned(key, other.key);
    return order != 0 ? order : Long.compare(other.sequence, sequence);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rec rec
        && Arrays.equals(key, rec.key)
        && sequence == rec.sequence
        && type == rec.type
        && Arrays.equals(value, rec.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key) * 31 + Long.hashCode(sequence);
  }

  @Override
  public String toString() {
    String shown = value.length > 16 ? value.length + " bytes" : HexFormat.of().formatHex(value);
    return HexFormat.of().formatHex(key) + "@" + sequence + " " + type + " " + shown;
  }
}
