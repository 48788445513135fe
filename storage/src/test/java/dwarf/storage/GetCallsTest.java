package dwarf.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Gets through the C API find what those of the Java class find. */
class GetCallsTest {

  @TempDir Path root;
  private final Random random = new Random(23);
  private Options options;
  private RocksDB db;
  private FamilyHandle family;
  private ReadOptions now;
  private GetCalls gets;

  @BeforeEach
  void open() throws RocksDBException {
    RocksDB.loadLibrary();
    assertThat(CApi.isAvailable()).as("the C API of %s", CApi.VERSION).isTrue();
    BlockBasedTableConfig uncached = new BlockBasedTableConfig().setNoBlockCache(true);
    options = new Options().setCreateIfMissing(true).setTableFormatConfig(uncached);
    db = RocksDB.open(options, root.toString());
    now = new ReadOptions();
    family =
        new FamilyHandle(
            new Family(0, RocksDB.DEFAULT_COLUMN_FAMILY),
            null,
            new ColumnFamilyOptions(),
            db.getDefaultColumnFamily(),
            true);
    gets = new GetCalls(db);
  }

  @AfterEach
  void close() {
    now.close();
    family.nativeOptions().close();
    db.close();
    options.close();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void keysAndValuesOfEveryLength() throws RocksDBException {
    int[] keyLengths = {0, 1, 16, 1023, 1024, 1025, 5000};
    int[] valueLengths = {0, 1, 100, 4096, 4097, 5000, 100_000, 1 << 20, (1 << 20) + 1, 10};
    for (int keyLength : keyLengths) {
      byte[] key = bytes(keyLength);
      assertThat(gets.get(family, now, key)).isNull();
      for (int valueLength : valueLengths) {
        byte[] value = bytes(valueLength);
        db.put(key, value);
        assertThat(gets.get(family, now, key)).isEqualTo(value);
        assertThat(gets.get(family, now, key)).as("again").isEqualTo(value);
      }
      db.delete(key);
      assertThat(gets.get(family, now, key)).isNull();
    }
  }

  /** The next ones are left to the Java method, and what fits again is found all the same. */
  @Test
  void afterAValueThatNeverFits() throws RocksDBException {
    byte[] large = bytes(3 << 20);
    byte[] small = bytes(50);
    byte[] largeKey = bytes(8);
    byte[] smallKey = bytes(8);
    db.put(largeKey, large);
    db.put(smallKey, small);
    for (int i = 0; i < 250; i++) {
      assertThat(gets.get(family, now, i % 120 == 0 ? largeKey : smallKey))
          .isEqualTo(i % 120 == 0 ? large : small);
    }
  }

  @Test
  void theSnapshotOfTheReadOptionsCounts() throws RocksDBException {
    byte[] key = bytes(10);
    byte[] value = bytes(20);
    db.put(key, value);
    try (ReadOptions before = new ReadOptions().setSnapshot(db.getSnapshot())) {
      db.delete(key);
      assertThat(gets.get(family, before, key)).isEqualTo(value);
      assertThat(gets.get(family, now, key)).isNull();
      db.releaseSnapshot(before.snapshot());
    }
  }

  @Test
  void virtualThreadsReadTheSame() throws Exception {
    byte[] key = bytes(10);
    byte[] value = bytes(20);
    db.put(key, value);
    AtomicReference<Object> seen = new AtomicReference<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                seen.set(gets.get(family, now, key));
              } catch (RocksDBException e) {
                seen.set(e);
              }
            })
        .join();
    assertThat(seen.get()).isEqualTo(value);
  }

  @Test
  void aDamagedBlockIsAnErrorAndNotAMiss() throws Exception {
    byte[] key = bytes(10);
    db.put(key, bytes(2000));
    try (FlushOptions flush = new FlushOptions()) {
      db.flush(flush);
    }
    Path file;
    try (Stream<Path> files = Files.list(root)) {
      file = files.filter(path -> path.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
    try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
      damaged.seek(100);
      damaged.write(bytes(100));
    }
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> gets.get(family, now, key))
          .isInstanceOf(RocksDBException.class)
          .hasMessageContaining("checksum");
    }
  }
}
