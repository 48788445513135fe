package dwarf.ycsb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import site.ycsb.ByteIterator;

class RecordCodecTest {

  private static Map<String, byte[]> fields() {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    fields.put("f0", new byte[] {1, 2});
    fields.put("f1", new byte[0]);
    return fields;
  }

  @Test
  void goldenBytes() {
    assertThat(HexFormat.of().formatHex(RecordCodec.encode(fields())))
        .isEqualTo(
            "01"
                + "02000000"
                + "02000000"
                + "6630"
                + "02000000"
                + "0102"
                + "02000000"
                + "6631"
                + "00000000");
  }

  @Test
  void onlyTheWantedFieldsAreCopied() {
    byte[] record = RecordCodec.encode(fields());
    Map<String, ByteIterator> some = new HashMap<>();
    RecordCodec.copy(record, Set.of("f0"), some);
    assertThat(some.keySet()).containsExactly("f0");
    assertThat(some.get("f0").toArray()).containsExactly(1, 2);
    Map<String, ByteIterator> all = new HashMap<>();
    RecordCodec.copy(record, null, all);
    assertThat(all.keySet()).containsExactlyInAnyOrder("f0", "f1");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] record = RecordCodec.encode(fields());
    for (int length = 0; length < record.length; length++) {
      byte[] cut = Arrays.copyOf(record, length);
      assertThatThrownBy(() -> RecordCodec.decode(cut)).isInstanceOf(DwarfException.class);
    }
  }
}
