package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.storage.FamilyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.TableProperties;

/** Files that workers write are built with the options of their family, not with defaults. */
class WorkerOptionsTest {

  private static final String TUNED =
      "compression=kLZ4Compression;"
          + "block_based_table_factory={filter_policy=bloomfilter:15:false;block_size=8192;}";
  private static final String PLAIN =
      "compression=kSnappyCompression;block_based_table_factory={filter_policy=nullptr;block_size=2048;}";

  /** How RocksDB's table properties name the compression types a file uses. */
  private static final String LZ4 = ";04;";

  private static final String SNAPPY = ";01;";

  /** RocksDB rounds a filter up to a cache line and adds a few bytes; much for a small file. */
  private static final double FILTER_ROUNDING_BITS = 552;

  @TempDir Path root;

  @Test
  void workersWriteWithTheOptionsOfTheFamily() throws Exception {
    try (TestCluster cluster = TestCluster.start("tcp", root, 1, 64L << 20)) {
      checkFamily(cluster, "tuned", TUNED, new Expected(LZ4, 15, 8192));
      checkFamily(cluster, "plain", PLAIN, new Expected(SNAPPY, 0, 2048));
    }
  }

  private record Expected(String compression, int filterBits, int blockBytes) {}

  private void checkFamily(TestCluster cluster, String name, String options, Expected expected)
      throws IOException, RocksDBException {
    Path path = root.resolve(name);
    dwarf.engine.Options open = TestData.keepInDm(cluster, root).setMinWriteBufferNumberToMerge(3);
    try (DwarfDB db = DwarfDB.open(path, open)) {
      FamilyOptions parsed = FamilyOptions.parse(options + ";disable_auto_compactions=true;");
      ColumnFamilyHandle family =
          db.createColumnFamily(new ColumnFamilyDescriptor(bytes(name), parsed));
      byte[] value = new byte[200];
      for (int i = 0; statistic(db, "flush.tasks.remote") == 0; i++) {
        assertThat(i).as("writes until a worker had a task").isLessThan(100_000);
        db.put(family, bytes("key" + i), value);
      }
      db.flush(new FlushOptions(), List.of(family));
      int files = 0;
      for (Path file : sstFiles(path)) {
        TableProperties found = properties(file);
        if (found.getNumEntries() > 100) {
          check(file, found, expected);
          files++;
        }
      }
      assertThat(files).as("files of " + name).isPositive();
    }
  }

  private static void check(Path file, TableProperties found, Expected expected) {
    assertThat(found.getCompressionName()).as(file.toString()).contains(expected.compression());
    double bits = found.getFilterSize() * 8.0 / found.getNumEntries();
    assertThat(bits)
        .as("filter bits per key of " + file)
        .isBetween(
            expected.filterBits() * 0.9,
            expected.filterBits() * 1.15 + FILTER_ROUNDING_BITS / found.getNumEntries());
    double raw = found.getRawKeySize() + found.getRawValueSize();
    assertThat(raw / found.getNumDataBlocks())
        .as("block bytes of " + file)
        .isBetween(expected.blockBytes() * 0.7, expected.blockBytes() * 1.3);
  }

  private static List<Path> sstFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".sst")).toList();
    }
  }

  private static TableProperties properties(Path file) throws RocksDBException {
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(file.toString());
      return reader.getTableProperties();
    }
  }
}
