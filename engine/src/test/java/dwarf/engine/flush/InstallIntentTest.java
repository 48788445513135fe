package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InstallIntentTest {

  private static final InstallIntent INTENT =
      new InstallIntent(
          new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L),
          4,
          5,
          7,
          250,
          new TreeMap<>(Map.of(0, 90L, 7, 100L)));

  private static byte[] good() {
    return INTENT.encode().toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void goldenBytes() {
    String body =
        "44574649"
            + "0100"
            + "0000"
            + "0807060504030201"
            + "100f0e0d0c0b0a09"
            + "0400000000000000"
            + "0500000000000000"
            + "07000000"
            + "02000000"
            + "fa00000000000000"
            + "00000000"
            + "00000000"
            + "5a00000000000000"
            + "07000000"
            + "00000000"
            + "6400000000000000";
    assertThat(HexFormat.of().formatHex(good())).isEqualTo(body + "42a05a6a");
    assertThat(InstallIntent.decode(INTENT.encode())).isEqualTo(INTENT);
  }

  @Test
  void itExplainsTheStateBeforeAndAfterAndNoOther() {
    assertThat(INTENT.explains(Map.of(0, 90L, 7, 100L))).isTrue();
    assertThat(INTENT.explains(Map.of(0, 90L, 7, 250L))).isTrue();
    assertThat(INTENT.explains(Map.of(0, 80L, 7, 100L))).isFalse();
    assertThat(INTENT.explains(Map.of(0, 90L, 7, 50L))).isFalse();
    assertThat(INTENT.explains(Map.of(7, 100L))).isFalse();
  }

  @Test
  void everyBitFlipAndTruncationIsRefused() {
    byte[] good = good();
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(bad);
    }
    for (int length = 0; length < good.length; length++) {
      assertRefused(Arrays.copyOf(good, length));
    }
    assertRefused(Arrays.copyOf(good, good.length + 1));
  }

  private static void assertRefused(byte[] bytes) {
    assertThatThrownBy(() -> InstallIntent.decode(MemorySegment.ofArray(bytes)))
        .isInstanceOf(DwarfException.class);
  }
}
