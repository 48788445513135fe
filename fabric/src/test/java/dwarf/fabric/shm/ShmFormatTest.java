package dwarf.fabric.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.fabric.memory.SharedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layouts, pinned by their bytes. */
class ShmFormatTest {

  private static final SharedFile.Location FILE =
      new SharedFile.Location(0x1122, 7, 0x21000, 0x0102030405060708L, 0x1112131415161718L);
  private static final Greeting HELLO = new Greeting(Greeting.HELLO, 0x10000, 10_000, FILE);

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void greeting() {
    assertThat(hex(HELLO.encode().array()))
        .isEqualTo(
            "4457534d"
                + "01"
                + "01"
                + "0000"
                + "00000100"
                + "10270000"
                + "2211000000000000"
                + "0010020000000000"
                + "0807060504030201"
                + "07000000"
                + "1817161514131211"
                + "0000000000000000"
                + "c424d13d");
    assertThat(Greeting.decode(HELLO.encode().array(), Greeting.HELLO)).isEqualTo(HELLO);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, magic",
    "4, 2, 'protocol version 2, this side speaks 1'",
    "5, 2, type 2",
    "6, 1, impossible",
    "11, -128, impossible",
    "15, -128, impossible",
    "31, -128, impossible",
    "43, -128, impossible",
    "52, 1, impossible"
  })
  void badGreetingsAreRefused(int at, byte value, String reason) {
    byte[] bytes = HELLO.encode().array();
    bytes[at] = value;
    MemorySegment.ofArray(bytes)
        .set(ValueLayout.JAVA_INT_UNALIGNED, Greeting.CRC_AT, Greeting.crc(bytes, Greeting.CRC_AT));
    assertThatThrownBy(() -> Greeting.decode(bytes, Greeting.HELLO))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void everyFlippedBitOfAGreetingIsNoticed() {
    for (int bit = 0; bit < Greeting.BYTES * 8; bit++) {
      byte[] bytes = HELLO.encode().array();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> Greeting.decode(bytes, Greeting.HELLO))
          .isInstanceOf(DwarfException.class);
    }
  }

  @Test
  void farewell() {
    byte[] bytes = SocketProtocol.farewell("no").array();
    assertThat(hex(bytes)).isEqualTo("4457534d" + "01" + "03" + "0200" + "6e6f" + "4fe2ab71");
    assertThat(SocketProtocol.farewellText(bytes, 0, bytes.length)).isEqualTo("no");
    assertThat(SocketProtocol.farewellText(bytes, 0, bytes.length - 1)).isNull();
    bytes[8]++;
    assertThatThrownBy(() -> SocketProtocol.farewellText(bytes, 0, bytes.length))
        .hasMessageContaining("checksum");
  }

  @Test
  void record() {
    MemorySegment ring = MemorySegment.ofArray(new byte[40]);
    ring.set(ValueLayout.JAVA_BYTE, RecordHeader.BYTES, (byte) 'h');
    ring.set(ValueLayout.JAVA_BYTE, RecordHeader.BYTES + 1, (byte) 'i');
    RecordHeader header = new RecordHeader(RecordType.REQUEST, 1, 0xabcd, 0x0102, 2, 3);
    header.encode(ring, 0, new RecordHeader.Checksum());
    assertThat(hex(ring.asSlice(0, 32).toArray(ValueLayout.JAVA_BYTE)))
        .isEqualTo(
            "02000000"
                + "01"
                + "01"
                + "cdab"
                + "0201000000000000"
                + "03000000"
                + "fbf9d05f"
                + "6869"
                + "000000000000");
    assertThat(RecordHeader.decode(ring, 0, 32)).isEqualTo(header);
    assertThat(RecordHeader.recordBytes(2)).isEqualTo(32);
  }

  @Test
  void accessDescriptor() {
    AccessDescriptor access = new AccessDescriptor(0x01L, 0x02L, 0x0300L, 0x04L);
    byte[] bytes = access.encode().toArray(ValueLayout.JAVA_BYTE);
    assertThat(hex(bytes))
        .isEqualTo(
            "0100000000000000" + "0200000000000000" + "0003000000000000" + "0400000000000000");
    assertThat(AccessDescriptor.decode(bytes)).isEqualTo(access);
  }

  @Test
  void grant() {
    GrantRecord grant = new GrantRecord(9, 0x101, 0x55, 0x1000, 0x20, 0x2000, 0x0a, 0x0b);
    assertThat(hex(grant.encode()))
        .isEqualTo(
            "09000000"
                + "01010000"
                + "5500000000000000"
                + "0010000000000000"
                + "2000000000000000"
                + "0020000000000000"
                + "0a00000000000000"
                + "0b00000000000000");
    assertThat(GrantRecord.decode(grant.encode())).isEqualTo(grant);
    for (GrantRecord bad :
        new GrantRecord[] {
          new GrantRecord(-1, 1, 1, 0, 1, 4096, 0, 0),
          new GrantRecord(1, GrantSlots.SLOTS, 1, 0, 1, 4096, 0, 0),
          new GrantRecord(1, 1, 0, 0, 1, 4096, 0, 0),
          new GrantRecord(1, 1, 1, 4096, 1, 4096, 0, 0),
          new GrantRecord(1, 1, 1, Long.MAX_VALUE, Long.MAX_VALUE, 4096, 0, 0)
        }) {
      assertThatThrownBy(() -> GrantRecord.decode(bad.encode())).hasMessageContaining("impossible");
    }
  }
}
