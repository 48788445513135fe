package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several answers in one message, byte by byte. */
class BundleTest {

  private int released;

  private Outgoing reply(long id, int bytes) {
    MemorySegment payload = MemorySegment.ofArray(new byte[bytes]).fill((byte) id);
    return Outgoing.of(MessageType.REPLY, 0, id, payload).whenGone(() -> released++);
  }

  private static MemorySegment two(Outgoing first, Outgoing second) {
    Bundle bundle = new Bundle();
    bundle.add(first);
    bundle.add(second);
    Outgoing taken = bundle.take();
    MemorySegment copy = MemorySegment.ofArray(taken.data().toArray(ValueLayout.JAVA_BYTE));
    taken.release();
    return copy;
  }

  private static List<String> read(MemorySegment bundle) {
    List<String> read = new ArrayList<>();
    Bundle.read(
        bundle,
        EnumSet.of(MessageType.REPLY, MessageType.ERROR),
        (head, payload) -> read.add(head.type() + " " + head.id() + " " + hex(payload)));
    return read;
  }

  private static String hex(MemorySegment bytes) {
    return HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void goldenBytes() {
    assertThat(hex(two(reply(1, 2), reply(2, 0))))
        .isEqualTo(
            "4457555801040000010000000000000002000000a66ca81000000000544e77980101"
                + "44575558010400000200000000000000000000000000000000000000ff11cdf3");
  }

  @Test
  void whatIsBundledIsReadAndReleasedOnce() {
    Outgoing error = Outgoing.error(7, DwarfException.invalid("no"));
    assertThat(read(two(reply(3, 3), error))).containsExactly("REPLY 3 030303", "ERROR 7 6e6f");
    assertThat(released).isEqualTo(1);
  }

  @Test
  void anAnswerAloneGoesAsItIs() {
    Bundle bundle = new Bundle();
    Outgoing alone = reply(1, 5);
    bundle.add(alone);
    assertThat(bundle.take()).isSameAs(alone);
    assertThat(bundle.isEmpty()).isTrue();
    alone.release();
  }

  @Test
  void roomIsBounded() {
    Bundle bundle = new Bundle();
    Outgoing part = reply(1, Bundle.MOST_PART_BYTES - MessageHead.BYTES);
    assertThat(Bundle.takes(part)).isTrue();
    int parts = 0;
    while (bundle.hasRoomFor(part)) {
      bundle.add(part);
      parts++;
    }
    assertThat(parts).isEqualTo(4);
    Outgoing larger = reply(1, Bundle.MOST_PART_BYTES);
    assertThat(Bundle.takes(larger)).isFalse();
    larger.release();
    part.release();
  }

  @Test
  void everyDamagedBitAndEveryTruncationIsSeen() {
    MemorySegment whole = two(reply(1, 2), reply(2, 3));
    for (long bit = 0; bit < 8 * whole.byteSize(); bit++) {
      MemorySegment damaged = MemorySegment.ofArray(whole.toArray(ValueLayout.JAVA_BYTE));
      byte old = damaged.get(ValueLayout.JAVA_BYTE, bit / 8);
      damaged.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (old ^ (1 << bit % 8)));
      assertThatThrownBy(() -> read(damaged)).as("bit %d", bit).hasMessageContaining("malformed");
    }
    long first = MessageHead.BYTES + 2;
    for (long size = 1; size < whole.byteSize(); size++) {
      MemorySegment part = whole.asSlice(0, size);
      if (size != first) {
        assertThatThrownBy(() -> read(part)).hasMessageContaining("malformed");
      }
    }
  }

  @Test
  void onlyWhatIsExpectedOfOperationsMayBeInIt() {
    MemorySegment empty = MemorySegment.ofArray(new byte[0]);
    for (Outgoing wrong :
        List.of(
            Outgoing.of(MessageType.REQUEST, 1, 5, empty),
            Outgoing.of(MessageType.BUNDLE, 0, 5, MemorySegment.ofArray(new byte[64])),
            Outgoing.error(0, DwarfException.invalid("the connection's own")))) {
      MemorySegment bundle = two(reply(1, 2), wrong);
      assertThatThrownBy(() -> read(bundle)).hasMessageContaining("in a bundle");
    }
  }
}
