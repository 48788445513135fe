package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.base.Lookup;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageDamageTest {

  private static final long[] SNAPSHOTS = {5, 9, 12};

  private final List<Rec> records = Images.kept(Images.random(new Random(3), 16, 5, 10), SNAPSHOTS);

  private MemorySegment image() {
    MemorySegment image = Images.seal(records, Images.spec(1, 64, SNAPSHOTS)).getFirst();
    assertThat(Images.reader(image).index().blocks()).isGreaterThan(2);
    return image;
  }

  @Test
  void everyFlippedBitIsFoundAndNeverReadsAsAnotherRecord() {
    MemorySegment image = image();
    for (long i = 0; i < image.byteSize(); i++) {
      byte good = image.get(ValueLayout.JAVA_BYTE, i);
      for (int bit = 0; bit < 8; bit++) {
        image.set(ValueLayout.JAVA_BYTE, i, (byte) (good ^ 1 << bit));
        assertCorrupt(() -> ShardIndex.verify(image));
        assertReadsRightOrCorrupt(image);
      }
      image.set(ValueLayout.JAVA_BYTE, i, good);
    }
    ShardIndex.verify(image);
  }

  @Test
  void everyTruncationAndEveryExtensionIsFound() {
    MemorySegment image = image();
    for (long length = 0; length < image.byteSize(); length++) {
      MemorySegment part = image.asSlice(0, length);
      assertCorrupt(() -> ShardIndex.verify(part));
      assertCorrupt(() -> Images.reader(part));
    }
    MemorySegment longer = MemorySegment.ofArray(new byte[(int) image.byteSize() + 8]);
    longer.copyFrom(image);
    assertCorrupt(() -> ShardIndex.verify(longer));
    MemorySegment.copy(image, 0, longer, 8, image.byteSize());
    assertCorrupt(() -> ShardIndex.verify(longer));
  }

  @Test
  void memoryUsedAgainForAnEqualImageNeverVerifies() {
    MemorySegment old = image();
    MemorySegment reused = image();
    assertThat(reused.byteSize()).isEqualTo(old.byteSize());
    ShardIndex index = ShardIndex.load(ShardReader.over(old), old.byteSize());
    ShardReader stale = new ShardReader(index, ShardReader.over(reused));
    for (Rec rec : records) {
      assertCorrupt(
          () ->
              stale.get(LookupKey.of(MemorySegment.ofArray(rec.key)), rec.sequence, new Lookup()));
    }
    VersionedCursor cursor = stale.cursor();
    assertCorrupt(cursor::seekToFirst);
    assertThatThrownBy(cursor::isValid).isInstanceOf(DwarfException.class);
  }

  @Test
  void contentThatLiesUnderRightChecksumsNeverLeadsOutsideTheImage() {
    Random random = Seeds.random("contentThatLiesUnderRightChecksums");
    MemorySegment good = image();
    ShardIndex index = Images.reader(good).index();
    int refused = 0;
    for (int round = 0; round < 3_000; round++) {
      MemorySegment image = MemorySegment.ofArray(good.toArray(ValueLayout.JAVA_BYTE));
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        long at = random.nextLong(image.byteSize());
        image.set(
            ValueLayout.JAVA_BYTE,
            at,
            (byte) (random.nextInt(4) == 0 ? -1 : 1 << random.nextInt(8)));
      }
      reseal(image, index);
      try {
        ShardIndex.verify(image);
      } catch (DwarfException e) {
        assertThat(e.kind())
            .isIn(DwarfException.Kind.CORRUPTION, DwarfException.Kind.NOT_SUPPORTED);
        refused++;
      }
      readAll(image);
    }
    assertThat(refused).isGreaterThan(1_500);
  }

  @Test
  void wrongCountsAndOrderAreFoundUnderRightChecksums() {
    MemorySegment image = image();
    ShardIndex index = Images.reader(image).index();
    long footer = image.byteSize() - ImageFooter.BYTES;
    for (int field : new int[] {80, 88, 96, 104}) {
      MemorySegment copy = MemorySegment.ofArray(image.toArray(ValueLayout.JAVA_BYTE));
      long value = copy.get(ImageFormat.LONG, footer + field);
      copy.set(ImageFormat.LONG, footer + field, value + (field == 104 ? -1 : 1));
      reseal(copy, index);
      assertCorrupt(() -> ShardIndex.verify(copy));
    }
    MemorySegment emptied = MemorySegment.ofArray(image.toArray(ValueLayout.JAVA_BYTE));
    long filter = index.footer().sectionOffset(ImageFooter.FILTER);
    emptied.asSlice(filter, index.footer().sectionBytes[ImageFooter.FILTER]).fill((byte) 0);
    reseal(emptied, index);
    assertThatThrownBy(() -> ShardIndex.verify(emptied)).hasMessageContaining("filter");
  }

  @Test
  void messagesSayWhatAndWhere() {
    MemorySegment image = image();
    image.set(ValueLayout.JAVA_BYTE, ImageFormat.HEADER_BYTES, (byte) 99);
    assertThatThrownBy(() -> ShardIndex.verify(image))
        .hasMessageMatching("image [0-9a-f]{16}: block at offset 40 does not match its CRC; .*");
  }

  @Test
  void anotherVersionIsNotSupported() {
    MemorySegment image = image();
    long footer = image.byteSize() - ImageFooter.BYTES;
    image.set(ImageFormat.INT, footer + 192, 2);
    fixFooter(image);
    assertThatThrownBy(() -> Images.reader(image))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.NOT_SUPPORTED));
  }

  /** Gives a changed image right checksums everywhere, as a faulty writer would. */
  private static void reseal(MemorySegment image, ShardIndex index) {
    long id = index.imageId();
    for (int i = 0; i < index.blocks(); i++) {
      long crcAt = index.offset(i) + index.blockLength(i) - 4;
      MemorySegment covered = image.asSlice(index.offset(i), index.blockLength(i) - 4L);
      image.set(ImageFormat.INT, crcAt, Checksums.crc32c(id, covered));
    }
    long footer = image.byteSize() - ImageFooter.BYTES;
    for (int i = 0; i < ImageFooter.SECTIONS; i++) {
      long bytes = index.footer().sectionBytes[i];
      MemorySegment section = image.asSlice(index.footer().sectionOffset(i), bytes);
      image.set(ImageFormat.INT, footer + 56 + 4L * i, Checksums.crc32c(id, section));
    }
    fixFooter(image);
  }

  private static void fixFooter(MemorySegment image) {
    long footer = image.byteSize() - ImageFooter.BYTES;
    int crc = Checksums.crc32c(image.asSlice(footer, 196));
    image.set(ImageFormat.INT, footer + 196, crc);
  }

  private void readAll(MemorySegment image) {
    try {
      ShardReader reader = Images.reader(image);
      for (Rec rec : records) {
        reader.get(LookupKey.of(MemorySegment.ofArray(rec.key)), rec.sequence, new Lookup());
      }
      Images.read(image);
    } catch (DwarfException e) {
      assertThat(e.kind()).isIn(DwarfException.Kind.CORRUPTION, DwarfException.Kind.NOT_SUPPORTED);
    }
  }

  private void assertReadsRightOrCorrupt(MemorySegment image) {
    List<Rec> read = new ArrayList<>();
    try {
      ShardReader reader = Images.reader(image);
      Lookup out = new Lookup();
      for (Rec rec : records) {
        assertThat(reader.get(LookupKey.of(MemorySegment.ofArray(rec.key)), rec.sequence, out))
            .isTrue();
        RecordType type = out.state() == Lookup.State.FOUND ? RecordType.PUT : rec.type;
        byte[] value =
            type == RecordType.PUT ? out.value().toArray(ValueLayout.JAVA_BYTE) : new byte[0];
        assertThat(new Rec(rec.key, out.sequence(), type, value)).isEqualTo(rec);
      }
      read = Images.read(image);
    } catch (DwarfException e) {
      assertThat(e.kind()).isEqualTo(DwarfException.Kind.CORRUPTION);
      return;
    }
    assertThat(read).isEqualTo(records);
  }

  private static void assertCorrupt(Runnable action) {
    try {
      action.run();
    } catch (DwarfException e) {
      assertThat(e.kind()).isEqualTo(DwarfException.Kind.CORRUPTION);
      return;
    }
    fail("damage was not found");
  }
}
