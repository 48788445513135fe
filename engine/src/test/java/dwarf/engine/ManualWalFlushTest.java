package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With manual_wal_flush the log's last records are in the process only, and not for long. */
class ManualWalFlushTest {

  private static final int RECORDS = 100;
  private static final int VALUE_BYTES = 1000;

  @TempDir Path root;

  @Test
  void recordsReachTheLogWhenAskedFor() {
    try (DwarfDB db = open(true)) {
      long before = logBytes();
      put(db);
      db.flushWal(false);
      assertThat(logBytes() - before).isGreaterThan(RECORDS * VALUE_BYTES);
      put(db);
      db.put(new WriteOptions().setSync(true), bytes("last"), bytes("one"));
      assertThat(logBytes() - before).isGreaterThan(2 * RECORDS * VALUE_BYTES);
    }
  }

  @Test
  void recordsReachTheLogByThemselves() {
    try (DwarfDB db = open(true)) {
      long before = logBytes();
      put(db);
      Await.until("the log is flushed", () -> logBytes() - before > RECORDS * VALUE_BYTES);
    }
  }

  @Test
  void nothingIsLostByClosing() {
    try (DwarfDB db = open(true)) {
      put(db);
    }
    try (DwarfDB db = open(false)) {
      assertThat(db.get(bytes("key" + (RECORDS - 1)))).hasSize(VALUE_BYTES);
      db.flushWal(true);
    }
  }

  private DwarfDB open(boolean manual) {
    Options options = new Options().setCreateIfMissing(true).setManualWalFlush(manual);
    return DwarfDB.open(root.resolve("db"), options);
  }

  private static void put(DwarfDB db) {
    for (int i = 0; i < RECORDS; i++) {
      db.put(bytes("key" + i), TestData.randomBytes(i, VALUE_BYTES));
    }
  }

  private long logBytes() {
    try (Stream<Path> files = Files.walk(root.resolve("db"))) {
      return files.filter(file -> file.toString().endsWith(".log")).mapToLong(this::size).sum();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Without the zeros that are set aside for what is still to come. */
  private long size(Path file) {
    try {
      byte[] content = Files.readAllBytes(file);
      int size = content.length;
      while (size > 0 && content[size - 1] == 0) {
        size--;
      }
      return size;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
