package dwarf.storage;

import static dwarf.storage.Bytes.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RateLimiter;
import org.rocksdb.RemoveEmptyValueCompactionFilter;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.Statistics;
import org.rocksdb.StringAppendOperator;
import org.rocksdb.TableProperties;

class SstWriterTest {

  @TempDir Path dir;
  private Path options;

  @BeforeEach
  void storeWithTwoFamilies() {
    RocksOptions rocks =
        RocksOptions.parse(
            "", "block_based_table_factory={block_size=16384};compression=kNoCompression");
    try (SstStore store = SstStore.open(dir.resolve("db"), StoreOptions.createIfMissing(rocks))) {
      store.createFamily(
          Bytes.of("zipped"),
          FamilyOptions.parse(
              "compression=kZSTD;"
                  + "block_based_table_factory={block_size=1024;filter_policy=bloomfilter:20:false}"));
      options = store.copyOptions(dir.resolve("OPTIONS-copy"));
    }
  }

  private SstSummary write(String family, String name, int rows) {
    try (SstWriter writer = SstWriter.open(options, family, dir.resolve(name))) {
      for (int i = 0; i < rows; i++) {
        writer.put(segment(String.format("key%06d", i)), segment("value".repeat(20) + i));
      }
      return writer.finish();
    }
  }

  private static TableProperties properties(Path file) throws RocksDBException {
    try (Options any = new Options();
        SstFileReader reader = new SstFileReader(any)) {
      reader.open(file.toString());
      return reader.getTableProperties();
    }
  }

  private static void assertKind(
      Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    assertThatThrownBy(c)
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  @Test
  void filesHaveTheTableOptionsOfTheirFamily() throws Exception {
    TableProperties plain = properties(write("default", "a.dsst", 5000).file());
    TableProperties zipped = properties(write("zipped", "b.dsst", 5000).file());
    assertThat(plain.getCompressionName()).as("codes of the compressions used").isEqualTo(";;");
    assertThat(zipped.getCompressionName()).as("7 is ZSTD").endsWith(";07;");
    assertThat(plain.getFilterSize()).isZero();
    assertThat(zipped.getFilterPolicyName()).isEqualTo("bloomfilter");
    assertThat(zipped.getFilterSize()).isBetween(5000L * 20 / 8, 5000L * 24 / 8);
    assertThat(plain.getDataSize() / plain.getNumDataBlocks()).isBetween(14000L, 17000L);
    assertThat((zipped.getRawKeySize() + zipped.getRawValueSize()) / zipped.getNumDataBlocks())
        .isBetween(800L, 1300L);
  }

  @Test
  void optionsThatHoldObjectsCanStillBeWrittenWithElsewhere() throws Exception {
    Path copy = dir.resolve("OPTIONS-objects");
    try (DBOptions db = new DBOptions();
        ColumnFamilyOptions family = new ColumnFamilyOptions();
        Statistics statistics = new Statistics();
        RateLimiter limiter = new RateLimiter(100 << 20);
        LRUCache cache = new LRUCache(8 << 20);
        BloomFilter bloom = new BloomFilter(12);
        StringAppendOperator append = new StringAppendOperator();
        RemoveEmptyValueCompactionFilter filter = new RemoveEmptyValueCompactionFilter()) {
      db.setStatistics(statistics).setRateLimiter(limiter).setMaxOpenFiles(50);
      family.setTableFormatConfig(
          new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(bloom));
      family.setMergeOperator(append).setCompactionFilter(filter);
      StoreOptions with = StoreOptions.createIfMissing(RocksOptions.of(db, family));
      try (SstStore store = SstStore.open(dir.resolve("objects"), with)) {
        store.copyOptions(copy);
      }
    }
    Path target = dir.resolve("o.dsst");
    try (SstWriter writer = SstWriter.open(copy, "default", target)) {
      writer.put(segment("a"), segment("1"));
      writer.finish();
    }
    assertThat(properties(target).getFilterSize()).isPositive();
    SstStore.open(dir.resolve("objects"), StoreOptions.existing()).close();
  }

  @Test
  void theSummaryDescribesTheFile() throws Exception {
    Path file = dir.resolve("s.dsst");
    SstSummary summary;
    try (Arena arena = Arena.ofConfined();
        SstWriter writer = SstWriter.open(options, "default", file)) {
      MemorySegment nativeKey = arena.allocate(2);
      nativeKey.copyFrom(segment("b1"));
      writer.delete(segment("a"));
      writer.put(nativeKey, arena.allocate(100_000));
      writer.put(segment("c"), segment("v".repeat(50_000)));
      assertThat(writer.bytes()).isGreaterThan(90_000);
      summary = writer.finish();
      assertKind(Kind.CLOSED, () -> writer.put(segment("d"), segment("")));
    }
    assertThat(summary.entries()).isEqualTo(3);
    assertThat(summary.smallest()).isEqualTo(Bytes.of("a"));
    assertThat(summary.largest()).isEqualTo(Bytes.of("c"));
    assertThat(summary.bytes()).isEqualTo(Files.size(file));
    assertThat(properties(file).getNumDeletions()).isEqualTo(1);
    SstVerifier.verify(file, summary, true);
  }

  @Test
  void anExistingFileIsNeverOpenedForWriting() throws Exception {
    Path file = Files.writeString(dir.resolve("taken.dsst"), "precious");
    Path link = Files.createSymbolicLink(dir.resolve("link.dsst"), dir.resolve("elsewhere"));
    assertKind(Kind.IO_ERROR, () -> SstWriter.open(options, "default", file));
    assertKind(Kind.IO_ERROR, () -> SstWriter.open(options, "default", link));
    assertThat(file).hasContent("precious");
    assertThat(dir.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void anAbandonedOrEmptyFileIsDeleted() {
    Path abandoned = dir.resolve("abandoned.dsst");
    try (SstWriter writer = SstWriter.open(options, "default", abandoned)) {
      writer.put(segment("a"), segment("1"));
      assertKind(Kind.INVALID_ARGUMENT, () -> writer.put(segment("a"), segment("again")));
    }
    assertThat(abandoned).doesNotExist();
    Path empty = dir.resolve("empty.dsst");
    try (SstWriter writer = SstWriter.open(options, "default", empty)) {
      assertKind(Kind.INVALID_ARGUMENT, writer::finish);
    }
    assertThat(empty).doesNotExist();
  }

  @Test
  void anUnknownFamilyOrOptionIsRefused() throws Exception {
    Path target = dir.resolve("x.dsst");
    assertKind(Kind.INVALID_ARGUMENT, () -> SstWriter.open(options, "nobody", target));
    String text = Files.readString(options);
    Path reverse = dir.resolve("OPTIONS-reverse");
    Files.writeString(
        reverse, text.replace("leveldb.BytewiseComparator", "rocksdb.ReverseBytewiseComparator"));
    assertKind(Kind.NOT_SUPPORTED, () -> SstWriter.open(reverse, "default", target));
    assertThat(target).doesNotExist();
  }

  @Test
  void theVerifierCatchesOtherFiles() throws Exception {
    SstSummary good = write("default", "good.dsst", 1000);
    SstVerifier.verify(good.file(), good, true);
    SstSummary other = write("default", "other.dsst", 999);
    assertDamaged(other.file(), good);
    assertDamaged(good.file(), with(good, good.bytes() + 1, good.entries()));
    assertDamaged(good.file(), with(good, good.bytes(), good.entries() + 1));
    assertDamaged(dir.resolve("missing.dsst"), good);
    assertDamaged(good.file(), range(good, "key", "key000999"));
    assertDamaged(good.file(), range(good, "key000000", "key001000"));
    Path linked = Files.createLink(dir.resolve("linked.dsst"), good.file());
    assertDamaged(good.file(), good);
    Files.delete(linked);
    Path foreign = Files.write(dir.resolve("foreign.dsst"), new byte[(int) good.bytes()]);
    assertDamaged(foreign, good);
  }

  @Test
  void theVerifierCatchesDamageInTheFile() throws Exception {
    SstSummary good = write("default", "good.dsst", 1000);
    try (FileChannel channel = FileChannel.open(good.file(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), good.bytes() / 2);
    }
    assertThatThrownBy(() -> SstVerifier.verify(good.file(), good, true))
        .hasMessageContaining("checksum");
    try (FileChannel channel = FileChannel.open(good.file(), StandardOpenOption.WRITE)) {
      channel.truncate(good.bytes() - 1);
    }
    assertDamaged(good.file(), good);
  }

  private static SstSummary with(SstSummary s, long bytes, long entries) {
    return new SstSummary(s.file(), bytes, entries, s.smallest(), s.largest(), s.crc32c());
  }

  private static SstSummary range(SstSummary s, String smallest, String largest) {
    return new SstSummary(
        s.file(), s.bytes(), s.entries(), Bytes.of(smallest), Bytes.of(largest), s.crc32c());
  }

  private static void assertDamaged(Path file, SstSummary expected) {
    assertKind(Kind.CORRUPTION, () -> SstVerifier.verify(file, expected, false));
  }
}
