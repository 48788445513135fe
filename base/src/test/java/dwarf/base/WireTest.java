package dwarf.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WireTest {

  @Test
  void layoutIsLittleEndianWithLengthsInFront() {
    WireWriter out = new WireWriter();
    out.putByte(1).putShort(2).putInt(3).putLong(4).putString("ab").putUuid(new UUID(5, 6));
    assertThat(HexFormat.of().formatHex(out.toByteArray()))
        .isEqualTo(
            "01"
                + "0200"
                + "03000000"
                + "0400000000000000"
                + "02000000"
                + "6162"
                + "0500000000000000"
                + "0600000000000000");
  }

  @Test
  void readerReturnsWhatWasWritten() {
    WireWriter out = new WireWriter(16);
    byte[] big = new byte[5000];
    out.putBytes(big).putInt(-7).putString("\u00e9");
    WireReader in = new WireReader("test", out.segment());
    assertThat(in.getBytes(5000)).isEqualTo(big);
    assertThat(in.getInt()).isEqualTo(-7);
    assertThat(in.getString(10)).isEqualTo("\u00e9");
    in.expectEnd();
  }

  @Test
  void everyTruncationIsRefusedWithItsPlace() {
    WireWriter out = new WireWriter();
    out.putLong(1).putString("hello").putInt(2);
    for (int cut = 0; cut < out.size(); cut++) {
      MemorySegment part = out.segment().asSlice(0, cut);
      assertThatThrownBy(
              () -> {
                WireReader in = new WireReader("greeting", part);
                in.getLong();
                in.getString(100);
                in.getInt();
              })
          .isInstanceOfSatisfying(
              DwarfException.class,
              e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.CORRUPTION))
          .hasMessageContaining("greeting, offset");
    }
  }

  @Test
  void lengthsAndCountsBeyondTheLimitAreRefusedBeforeAllocation() {
    WireWriter out = new WireWriter().putInt(Integer.MAX_VALUE);
    assertThatThrownBy(() -> new WireReader("m", out.segment()).getBytes(1 << 20))
        .hasMessageContaining("over the limit");
    assertThatThrownBy(() -> new WireReader("m", out.segment()).getCount(1))
        .hasMessageContaining("does not fit");
  }
}
