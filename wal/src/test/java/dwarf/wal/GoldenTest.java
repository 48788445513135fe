package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import dwarf.wal.io.MemoryDisk;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The formats of the log, byte for byte: a change here is a new version. */
final class GoldenTest {

  private static final String HEADER =
      "4457524657414c0a010000007c000000" // magic, version, zero, length
          + "efcdab8967452301efcdab8967452301" // database
          + "01000000000000000100000000000000" // incarnation, epoch
          + "02000000000000000100000000000000" // number, previous number
          + "96000000000000007d34508201000000" // previous length, frame, families
          + "03000000000000000300000000000000" // last sequence, durable-through
          + "000000000000000003000000000000000200000000000000" // family 0: logged 3, flushed 2
          + "61570db9"; // checksum

  private static final String FRAME =
      "85aa29668bfae402" // checksums of header and payload
          + "1100000000000001" // payload length, kind
          + "0300000000000000" // last sequence before
          + "0600000000000000" // last sequence
          + "0300000000000000" // durable-through
          + "01020e" // sequences left out, records, length
          + "0109026b350176" // PUT family 9 "k5" "v"
          + "0109026b360176";

  @Test
  void batch() {
    BatchWriter batch = new BatchWriter();
    batch.put(0, LogFixture.utf8("key"), LogFixture.utf8("value"));
    batch.delete(300, LogFixture.utf8("k"));
    batch.singleDelete(0, LogFixture.utf8(""));
    assertThat(hex(batch.segment()))
        .isEqualTo("0100036b65790576616c7565" + "00ac02016b" + "070000");
    assertThat(batch.count()).isEqualTo(3);
    assertThat(batch.families()).containsExactly(0, 300);
    List<String> records = new ArrayList<>();
    BatchCodec.forEach(
        batch.segment(),
        (type, family, key, value) ->
            records.add(type + " " + family + " " + text(key) + " " + text(value)));
    assertThat(records).containsExactly("PUT 0 key value", "DELETE 300 k ", "SINGLE_DELETE 0  ");
  }

  @Test
  void arraysAreLaidOutAsSegmentsAre() {
    byte[] key = "key".getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[300];
    BatchWriter arrays = new BatchWriter();
    arrays.put(300, key, value);
    BatchWriter segments = new BatchWriter();
    segments.put(300, MemorySegment.ofArray(key), MemorySegment.ofArray(value));
    assertThat(hex(arrays.segment())).isEqualTo(hex(segments.segment()));
    assertThat(arrays.families()).containsExactly(300);
    assertThat(arrays.count()).isEqualTo(1);
  }

  @Test
  void everyCutOfABatchIsRefusedOrAPrefix() {
    BatchWriter batch = new BatchWriter();
    batch.put(1, LogFixture.utf8("a"), LogFixture.utf8("1"));
    batch.delete(2, LogFixture.utf8("b"));
    int first = 6;
    for (int length = 0; length < batch.byteSize(); length++) {
      MemorySegment cut = batch.segment().asSlice(0, length);
      if (length == 0 || length == first) {
        assertThat(BatchCodec.forEach(cut, (type, family, key, value) -> {}))
            .isEqualTo(length / first);
      } else {
        assertThatThrownBy(() -> BatchCodec.forEach(cut, (type, family, key, value) -> {}))
            .as("length " + length)
            .extracting(e -> ((DwarfException) e).kind())
            .isEqualTo(DwarfException.Kind.CORRUPTION);
      }
    }
  }

  @Test
  void aBatchWithWhatThisVersionDoesNotKnow() {
    byte[] merge = {RecordType.MERGE.code(), 0, 1, 'k', 1, 'v'};
    assertThatThrownBy(
            () ->
                BatchCodec.forEach(MemorySegment.ofArray(merge), (type, family, key, value) -> {}))
        .hasMessageContaining("MERGE")
        .extracting(e -> ((DwarfException) e).kind())
        .isEqualTo(DwarfException.Kind.NOT_SUPPORTED);
    byte[] longKey = {1, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
    assertThatThrownBy(
            () ->
                BatchCodec.forEach(
                    MemorySegment.ofArray(longKey), (type, family, key, value) -> {}))
        .hasMessageContaining("over the limit");
  }

  @Test
  void segment() throws Exception {
    MemoryDisk disk = LogFixture.disk();
    try (WalWriter writer = LogFixture.create(disk)) {
      writer.append(LogFixture.frame(3));
      writer.sync();
      writer.rotate(Map.of(0, 2L));
      writer.append(LogFixture.frame(5, 9, 2));
    }
    byte[] second = disk.content(LogFixture.segment(2));
    int header = SegmentHeader.FIXED_BYTES + SegmentHeader.FAMILY_BYTES + 4;
    assertThat(hex(Arrays.copyOf(second, header))).isEqualTo(HEADER);
    assertThat(hex(Arrays.copyOfRange(second, header, second.length))).isEqualTo(FRAME);
  }

  private static String text(MemorySegment bytes) {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private static String hex(MemorySegment bytes) {
    return hex(bytes.toArray(ValueLayout.JAVA_BYTE));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
