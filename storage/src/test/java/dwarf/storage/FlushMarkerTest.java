package dwarf.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FlushMarkerTest {

  private static final FlushMarker MARKER =
      new FlushMarker(
          new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L), 3, 4, 7, 5, 100, 250, 2, 151);

  @Test
  void goldenBytes() {
    String body =
        "4457464d"
            + "0100"
            + "0000"
            + "0807060504030201"
            + "100f0e0d0c0b0a09"
            + "0300000000000000"
            + "0400000000000000"
            + "0500000000000000"
            + "6400000000000000"
            + "fa00000000000000"
            + "9700000000000000"
            + "02000000"
            + "07000000";
    String encoded = HexFormat.of().formatHex(MARKER.encode());
    assertThat(encoded).isEqualTo(body + "86bad3dd");
    assertThat(FlushMarker.decode(MARKER.encode())).isEqualTo(MARKER);
  }

  @Test
  void everyBitFlipAndTruncationIsCorruption() {
    byte[] good = MARKER.encode();
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertCorrupt(bad);
    }
    for (int length = 0; length < good.length; length++) {
      assertCorrupt(Arrays.copyOf(good, length));
    }
    assertCorrupt(Arrays.copyOf(good, good.length + 1));
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThatThrownBy(() -> new FlushMarker(new UUID(0, 0), 0, 0, 0, 0, 10, 9, 0, 0))
        .isInstanceOf(DwarfException.class);
  }

  private static void assertCorrupt(byte[] bytes) {
    assertThatThrownBy(() -> FlushMarker.decode(bytes))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.CORRUPTION));
  }
}
