package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pins version 1 of the image format, byte by byte. */
class GoldenImageTest {

  private static final List<Rec> RECORDS =
      List.of(
          Rec.put("ant", 12, "newer, 24 bytes of value"),
          Rec.put("ant", 10, "older, 24 bytes of value"),
          Rec.delete("bee", 300));

  private static final String IMAGE =
      // header
      "4457415246494d47" // 0 magic "DWARFIMG"
          + "01000000" // 8 version
          + "00000000"
          + "0807060504030201" // 16 image id
          + "d801000000000000" // 24 image bytes: 472
          + "00000000"
          + "92e70102" // 36 CRC of bytes 0..35
          // block 0
          + "0318" // 40 key of 3 bytes, value of 24
          + "21" // (12 - 10) * 16 + PUT
          + "616e74" // ant
          + "6e657765722c203234206279746573206f662076616c7565"
          + "000000000000" // 70 zero to align
          + "00000000" // 76 restart at 0 in the block
          + "01000000" // 80 record count
          + "f07a037a" // 84 CRC of the block, salted with the image id
          // block 1
          + "0318" // 88
          + "01" // (10 - 10) * 16 + PUT
          + "616e74" // ant
          + "6f6c6465722c203234206279746573206f662076616c7565"
          + "0300" // 118 key of 3 bytes, value of 0
          + "a024" // varint of (300 - 10) * 16 + DELETE
          + "626565" // bee
          + "00000000000000" // 125 zero to align
          + "00000000" // 132 restart
          + "02000000" // 136 record count
          + "d1150913" // 140 CRC of the block
          // range
          + "616e74" // 144 smallest key
          + "626565" // 147 largest key
          + "0000"
          // index
          + "2800000000000000" // 152 block 0 is at 40
          + "5800000000000000" // 160 block 1 is at 88
          + "0b00000000000080" // 168 separator 0 ends at 11 and has a sequence
          + "0e00000000000000" // 176 separator 1 ends at 14
          + "616e74" // 184 ant
          + "0c00000000000000" // 187 at sequence 12
          + "626565" // 195 bee, after all versions
          + "0000"
          // filter: one line, 6 bits for each of 2 keys, one of them shared
          + "0000000080000000" // 200
          + "0000800000808200"
          + "1000000001000000"
          + "0000000000000000"
          + "0000000000000000"
          + "0000200000000000"
          + "0800000000000b00"
          + "0000000000000000"
          // footer
          + "0807060504030201" // 264 +0 image id
          + "d801000000000000" // +8 image bytes
          + "9000000000000000" // +16 range is at 144
          + "0800000000000000" // +24 range bytes
          + "3000000000000000" // +32 index bytes
          + "4000000000000000" // +40 filter bytes
          + "0000000000000000" // +48 tombstone bytes
          + "77e8e0a8" // +56 CRC of range
          + "c809f02a" // +60 CRC of index
          + "33723b28" // +64 CRC of filter
          + "1c02f926" // +68 CRC of nothing, salted
          + "0200000000000000" // +72 blocks
          + "0300000000000000" // +80 records
          + "0200000000000000" // +88 keys
          + "0a00000000000000" // +96 smallest sequence: 10
          + "2c01000000000000" // +104 largest sequence: 300
          + "1817161514131211" // +112 database
          + "2827262524232221"
          + "0300000000000000" // +128 epoch
          + "4d00000000000000" // +136 memtable 77
          + "0a00000000000000" // +144 the memtable's sequences begin at 10
          + "9001000000000000" // +152 and end at 400
          + "05000000" // +160 column family
          + "00000000" // +164 shard
          + "01000000" // +168 shard count
          + "06000000" // +172 filter probes
          + "03000000" // +176 smallest key bytes
          + "03000000" // +180 largest key bytes
          + "0000000000000000"
          + "01000000" // +192 version
          + "96a2d380" // +196 CRC of bytes +0..+195
          + "4457415246494d47"; // +200 magic

  private static SealSpec spec() {
    ImageIdentity identity = new ImageIdentity(Images.DATABASE, 3, 5, 77, 10, 400);
    return new SealSpec(identity, new long[] {11}, new ShardPolicy(1, 1_000), 64, 10);
  }

  @Test
  void aSealWritesExactlyTheseBytes() {
    SealPlan plan = SealPlan.of(new ListRecords(RECORDS), spec(), () -> 0x0102030405060708L);
    byte[] image = new byte[(int) plan.imageBytes(0)];
    plan.gather(0, MemorySegment.ofArray(image));
    assertThat(HexFormat.of().formatHex(image)).isEqualTo(IMAGE);
  }

  @Test
  void theseBytesReadAsTheRecords() {
    MemorySegment image = MemorySegment.ofArray(HexFormat.of().parseHex(IMAGE));
    ShardIndex.verify(image);
    assertThat(Images.read(image)).isEqualTo(RECORDS);
    assertThat(Images.reader(image).index().identity()).isEqualTo(spec().identity());
  }
}
