package dwarf.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Short spellings for tests. */
final class Bytes {

  private Bytes() {}

  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static MemorySegment segment(String text) {
    return MemorySegment.ofArray(of(text));
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static String text(MemorySegment bytes) {
    return text(bytes.toArray(ValueLayout.JAVA_BYTE));
  }
}
