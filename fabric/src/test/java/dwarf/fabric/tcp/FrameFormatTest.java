package dwarf.fabric.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.FabricOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes themselves: a change here is a change of the protocol version. */
class FrameFormatTest {

  private static final int MAX = 1 << 16;

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void goldenRequest() {
    assertThat(hex(Wire.request(0x1234, 0x0102030405060708L, ascii("123456789"))))
        .isEqualTo(
            "44575246"
                + "01"
                + "03"
                + "3412"
                + "0807060504030201"
                + "09000000"
                + "839206e3"
                + "00000000"
                + "2c9ce442"
                + "313233343536373839");
  }

  @Test
  void goldenPing() {
    assertThat(hex(Wire.bytes(Frames.empty(Wire.MEMORY, FrameType.PING, 0))))
        .isEqualTo(
            "44575246"
                + "01"
                + "08"
                + "0000"
                + "0000000000000000"
                + "00000000"
                + "00000000"
                + "00000000"
                + "0f096f57");
  }

  @Test
  void goldenGreeting() {
    Hello hello = Hello.of(FabricOptions.DEFAULTS);
    assertThat(hex(Wire.bytes(hello.frame(Wire.MEMORY, FrameType.HELLO))))
        .isEqualTo(
            "44575246"
                + "01"
                + "01"
                + "0000"
                + "0000000000000000"
                + "10000000"
                + "9a2e8db4"
                + "00000000"
                + "d3f43cc6"
                + "0100"
                + "0100"
                + "00000001"
                + "10270000"
                + "00000000");
  }

  @Test
  void goldenError() {
    DwarfException error = new DwarfException(Kind.STALE_HANDLE, "gone");
    assertThat(hex(Wire.bytes(Frames.error(Wire.MEMORY, 5, error))))
        .isEqualTo(
            "44575246"
                + "01"
                + "05"
                + "0a00"
                + "0500000000000000"
                + "04000000"
                + "f2a91467"
                + "00000000"
                + "45280101"
                + "676f6e65");
  }

  @Test
  void goldenRead() {
    AccessDescriptor access = new AccessDescriptor(1, 2, 3, 4);
    assertThat(hex(Wire.bytes(Frames.read(Wire.MEMORY, 6, access))))
        .isEqualTo(
            "44575246"
                + "01"
                + "07"
                + "0000"
                + "0600000000000000"
                + "20000000"
                + "c74b6748"
                + "00000000"
                + "fa33809d"
                + "0100000000000000"
                + "0200000000000000"
                + "0300000000000000"
                + "04000000"
                + "84eeeb13");
  }

  @Test
  void goldenWrite() {
    AccessDescriptor access = new AccessDescriptor(1, 2, 3, 4);
    ByteBuf data = Unpooled.wrappedBuffer(ascii("abcd"));
    ByteBuf head = Frames.writeHead(Wire.MEMORY, 7, access, data);
    assertThat(hex(Wire.bytes(head, data)))
        .isEqualTo(
            "44575246"
                + "01"
                + "06"
                + "0000"
                + "0700000000000000"
                + "24000000"
                + "7cf38756"
                + "00000000"
                + "e3664669"
                + "0100000000000000"
                + "0200000000000000"
                + "0300000000000000"
                + "04000000"
                + "84eeeb13"
                + "61626364");
  }

  @Test
  void theIdCanBeSetLater() {
    ByteBuf frame = Unpooled.wrappedBuffer(Wire.request(1, 0, ascii("x")));
    Frames.setId(frame, 99);
    assertThat(frame.array()).isEqualTo(Wire.request(1, 99, ascii("x")));
  }

  @Test
  void longErrorsAreCut() {
    DwarfException error = DwarfException.invalid("x".repeat(10_000));
    assertThat(Wire.bytes(Frames.error(Wire.MEMORY, 1, error)))
        .hasSize(FrameHeader.BYTES + FrameHeader.MAX_MESSAGE_BYTES);
  }

  @Test
  void typesKeepTheirCodes() {
    FrameType[] inOrder = {
      FrameType.HELLO,
      FrameType.WELCOME,
      FrameType.REQUEST,
      FrameType.REPLY,
      FrameType.ERROR,
      FrameType.WRITE,
      FrameType.READ,
      FrameType.PING
    };
    for (int i = 0; i < inOrder.length; i++) {
      assertThat(inOrder[i].code()).isEqualTo(i + 1);
      assertThat(FrameType.fromCode(i + 1)).isSameAs(inOrder[i]);
    }
  }

  @Test
  void everyBitOfAHeaderCounts() {
    byte[] good = Wire.request(1, 2, ascii("x"));
    FrameHeader header = FrameHeader.decode(Unpooled.wrappedBuffer(good), MAX);
    assertThat(header).isEqualTo(new FrameHeader(FrameType.REQUEST, 1, 2, 1, header.payloadCrc()));
    for (int bit = 0; bit < 8 * FrameHeader.BYTES; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertMalformed(bad, "");
    }
  }

  @Test
  void eachRuleNamesItself() {
    byte[] good = Wire.request(1, 2, ascii("x"));
    assertMalformed(Wire.patched(good, 0, 'X'), "magic");
    assertMalformed(Wire.patched(good, FrameHeader.VERSION_AT, 2), "version 2, this side speaks 1");
    assertMalformed(Wire.patched(good, FrameHeader.TYPE_AT, 0), "unknown frame type 0");
    assertMalformed(Wire.patched(good, FrameHeader.TYPE_AT, 9), "unknown frame type 9");
    assertMalformed(Wire.patched(good, FrameHeader.TYPE_AT, 255), "unknown frame type 255");
    assertMalformed(Wire.patched(good, FrameHeader.RESERVED_AT, 1), "reserved");
    byte[] damaged = good.clone();
    damaged[FrameHeader.ID_AT] ^= 1;
    assertMalformed(damaged, "header checksum");
  }

  @ParameterizedTest
  @EnumSource(FrameType.class)
  void lengthsBeyondWhatATypeMayHaveAreRefused(FrameType type) {
    assertMalformed(Wire.header(type, -1), "length of 4294967295");
    assertMalformed(Wire.header(type, MAX + AccessDescriptor.BYTES + 1), "allowed are");
  }

  @Test
  void exactLengthsOfFixedTypes() {
    assertMalformed(Wire.header(FrameType.PING, 1), "allowed are 0 to 0");
    assertMalformed(Wire.header(FrameType.HELLO, 15), "allowed are 16 to 16");
    assertMalformed(Wire.header(FrameType.READ, 33), "allowed are 32 to 32");
    assertMalformed(Wire.header(FrameType.WRITE, 31), "allowed are 32 to");
    assertMalformed(Wire.header(FrameType.ERROR, 4097), "allowed are 0 to 4096");
  }

  @Test
  void everyBitOfAnAddressCounts() {
    AccessDescriptor access = new AccessDescriptor(-1, 31337, 5, MAX);
    ByteBuf good = Unpooled.buffer();
    access.encode(good);
    assertThat(AccessDescriptor.decode(good.duplicate(), MAX)).isEqualTo(access);
    for (int bit = 0; bit < 8 * AccessDescriptor.BYTES; bit++) {
      ByteBuf bad = good.copy();
      bad.setByte(bit / 8, bad.getByte(bit / 8) ^ (1 << bit % 8));
      assertThatThrownBy(() -> AccessDescriptor.decode(bad, MAX))
          .isInstanceOf(DwarfException.class);
    }
    assertThatThrownBy(() -> AccessDescriptor.decode(good.duplicate(), MAX - 1))
        .hasMessageContaining("largest frame");
    assertThat(access.toString()).doesNotContain("31337");
  }

  @Test
  void greetingsOfOtherVersionsAndNonsenseAreRefused() {
    assertThatThrownBy(() -> Hello.decode(greeting(2, 3, 1, 1, 0)))
        .hasMessageContaining("versions 2 to 3");
    assertThat(Hello.decode(greeting(1, 9, 5, 6, 0))).isEqualTo(new Hello(1, 9, 5, 6));
    assertThatThrownBy(() -> Hello.decode(greeting(1, 1, 0, 1, 0)))
        .hasMessageContaining("impossible");
    assertThatThrownBy(() -> Hello.decode(greeting(1, 1, 1, -1, 0)))
        .hasMessageContaining("impossible");
    assertThatThrownBy(() -> Hello.decode(greeting(1, 1, 1, 1, 1)))
        .hasMessageContaining("impossible");
  }

  private static ByteBuf greeting(int lowest, int highest, int frame, int idle, int reserved) {
    ByteBuf out = Unpooled.buffer();
    out.writeShortLE(lowest).writeShortLE(highest);
    return out.writeIntLE(frame).writeIntLE(idle).writeIntLE(reserved);
  }

  private static void assertMalformed(byte[] bytes, String reason) {
    assertThatThrownBy(() -> FrameHeader.decode(Unpooled.wrappedBuffer(bytes), MAX))
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPTION))
        .hasMessageContaining("malformed frame")
        .hasMessageContaining(reason);
  }
}
