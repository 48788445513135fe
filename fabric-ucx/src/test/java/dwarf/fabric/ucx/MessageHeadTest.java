package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.Checksums;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The layout on the wire, byte by byte. */
class MessageHeadTest {

  private static final MemorySegment PAYLOAD = MemorySegment.ofArray(new byte[] {1, 2, 3});

  private static MemorySegment encoded(MessageHead head) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[MessageHead.bytes(head.type())]);
    head.encode(bytes);
    return bytes;
  }

  private static String hex(MemorySegment bytes) {
    return HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE));
  }

  private static MessageHead request() {
    int crc = Checksums.crc32c(PAYLOAD);
    return new MessageHead(MessageType.REQUEST, 0xabcd, 0x0102030405060708L, 3, crc, 9, null);
  }

  private static MessageHead write() {
    RemotePlace place = new RemotePlace(0x1111111111111111L, 0x2222222222222222L, 0x33, 3);
    return new MessageHead(MessageType.WRITE, 0, 5, 3, Checksums.crc32c(PAYLOAD), 0, place);
  }

  @Test
  void goldenBytes() {
    assertThat(hex(encoded(request())))
        .isEqualTo("445755580103cdab0807060504030201030000001ef230f109000000539482ba");
    assertThat(hex(encoded(write())))
        .isEqualTo(
            "44575558010600000500000000000000030000001ef230f100000000ec4ca7f3"
                + "1111111111111111222222222222222233000000000000000300000000000000");
  }

  @Test
  void whatIsWrittenIsRead() {
    assertThat(MessageHead.decode(encoded(request()), 100)).isEqualTo(request());
    assertThat(MessageHead.decode(encoded(write()), 100)).isEqualTo(write());
  }

  @Test
  void everyDamagedBitIsSeen() {
    for (MessageHead head : new MessageHead[] {request(), write()}) {
      long bits = 8L * MessageHead.bytes(head.type());
      for (int bit = 0; bit < bits; bit++) {
        MemorySegment bytes = encoded(head);
        byte old = bytes.get(ValueLayout.JAVA_BYTE, bit / 8);
        bytes.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (old ^ (1 << bit % 8)));
        assertThatThrownBy(() -> MessageHead.decode(bytes, 100))
            .as("bit %d", bit)
            .hasMessageContaining("malformed message");
      }
    }
  }

  @Test
  void truncatedHeadsAreRefused() {
    MemorySegment whole = encoded(write());
    for (int size = 0; size < MessageHead.MOST_BYTES; size++) {
      MemorySegment part = whole.asSlice(0, size);
      assertThatThrownBy(() -> MessageHead.decode(part, 100))
          .hasMessageContaining("malformed message");
    }
  }
}
