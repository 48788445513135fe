package dwarf.wal.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class OwnerRecordTest {

  private static final Path FILE = Path.of("/db/dwarf/claims/6");
  private static final UUID DATABASE = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

  private static final OwnerRecord RECORD =
      new OwnerRecord(
          DATABASE,
          2,
          6,
          OwnerRecord.State.CLOSED,
          5,
          true,
          true,
          77,
          8_000_000_000L,
          "dwarf/epochs/4/rocks",
          new HostStamp("m", "b", "pid:[1]", 123, 456, "h"));

  private static final String GOLDEN =
      "445752464f574e0a" // magic
          + "01000303" // version, state, flags
          + "efcdab8967452301efcdab8967452301" // database
          + "02000000000000000600000000000000" // incarnation, epoch
          + "05000000000000004d00000000000000" // log epoch, durable-through
          + "0050d6dc010000007b00000000000000" // lease, process
          + "c801000000000000" // process start
          + "1400000064776172662f65706f6368732f342f726f636b73" // rocks directory
          + "010000006d0100000062" // machine, boot
          + "070000007069643a5b315d0100000068" // namespace, host
          + "2d2e2b54"; // checksum

  @Test
  void layout() {
    assertThat(HexFormat.of().formatHex(bytes())).isEqualTo(GOLDEN);
    assertThat(OwnerRecord.decode(FILE, MemorySegment.ofArray(bytes()))).isEqualTo(RECORD);
  }

  @Test
  void everyCutAndEveryFlippedBitIsRefused() {
    byte[] whole = bytes();
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length));
    }
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertRefused(flipped);
    }
  }

  @Test
  void identityIsTwoLinesOfText() {
    Identity identity = new Identity(DATABASE, 3);
    byte[] text = identity.encode().toArray(ValueLayout.JAVA_BYTE);
    assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo(DATABASE + "\n3\n");
    assertThat(Identity.decode(FILE, MemorySegment.ofArray(text))).isEqualTo(identity);
    for (String bad :
        new String[] {"", "x", DATABASE + "\n", DATABASE + "\n3", DATABASE + "\n0\n"}) {
      assertThatThrownBy(
              () ->
                  Identity.decode(
                      FILE, MemorySegment.ofArray(bad.getBytes(StandardCharsets.UTF_8))))
          .hasMessageContaining("restore it");
    }
  }

  private static void assertRefused(byte[] bytes) {
    assertThatThrownBy(() -> OwnerRecord.decode(FILE, MemorySegment.ofArray(bytes)))
        .hasMessageContaining(FILE.toString())
        .extracting(e -> ((DwarfException) e).kind())
        .isIn(DwarfException.Kind.CORRUPTION, DwarfException.Kind.NOT_SUPPORTED);
  }

  private static byte[] bytes() {
    return RECORD.encode().toArray(ValueLayout.JAVA_BYTE);
  }
}
