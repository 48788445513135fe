package dwarf.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes without log by many threads, between logged writes, flushes, snapshots and a second
 * family: nothing is lost, nothing half visible, and every sequence number is used once.
 */
class UnloggedWritesTest {

  private static final int WRITERS = 4;
  private static final int OPERATIONS = 6_000;
  private static final int KEYS = 300;

  @TempDir Path root;

  private final AtomicBoolean writing = new AtomicBoolean(true);
  private final AtomicLong records = new AtomicLong();
  private final List<Map<Integer, Long>> models = new ArrayList<>();

  @Test
  void allAreThereAndWholeAndCounted() throws Exception {
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(256 << 10)
            .setMaxWriteBufferNumber(4);
    Path path = root.resolve("db");
    try (DwarfDB db = DwarfDB.open(path, options);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      ColumnFamilyHandle other =
          db.createColumnFamily(new ColumnFamilyDescriptor(TestData.bytes("other")));
      long before = db.getLatestSequenceNumber();
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int number = writer;
        models.add(new HashMap<>());
        writers.add(threads.submit(() -> write(db, other, number)));
      }
      Future<?> walker = threads.submit(() -> walk(db));
      try {
        for (Future<?> writer : writers) {
          writer.get();
        }
      } finally {
        writing.set(false);
      }
      walker.get();
      assertThat(db.getLatestSequenceNumber() - before).isEqualTo(records.get());
      assertThat(db.statistics().get("write.records")).isEqualTo(records.get());
      check(db);
    }
    try (DwarfDB db = DwarfDB.open(path, options)) {
      check(db);
    }
  }

  private void write(DwarfDB db, ColumnFamilyHandle other, int writer) {
    Random random = new Random(writer);
    Map<Integer, Long> model = models.get(writer);
    WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    for (long value = 1; value <= OPERATIONS; value++) {
      int number = random.nextInt(KEYS);
      int kind = random.nextInt(1000);
      if (kind < 850) {
        db.put(kind < 840 ? unlogged : new WriteOptions(), key(writer, number, "a"), bytes(value));
        db.put(unlogged, key(writer, number, "b"), bytes(value));
        records.addAndGet(2);
      } else if (kind < 950) {
        db.write(unlogged, pair(writer, number, value));
        records.addAndGet(2);
      } else if (kind < 990) {
        db.delete(unlogged, key(writer, number, "a"));
        db.delete(unlogged, key(writer, number, "b"));
        records.addAndGet(2);
      } else if (kind < 998) {
        db.put(other, unlogged, key(writer, number, "a"), bytes(value));
        records.incrementAndGet();
        continue;
      } else {
        db.flush();
        continue;
      }
      boolean deleted = kind >= 950;
      assertThat(db.get(key(writer, number, "b"))).isEqualTo(deleted ? null : bytes(value));
      if (deleted) {
        model.remove(number);
      } else {
        model.put(number, value);
      }
    }
  }

  /** Pairs written first a, then b: who sees b sees an a at least as new. */
  private void walk(DwarfDB db) {
    while (writing.get()) {
      Snapshot snapshot = db.getSnapshot();
      ReadOptions at = new ReadOptions().setSnapshot(snapshot);
      try {
        for (int writer = 0; writer < WRITERS; writer++) {
          for (int number = 0; number < KEYS; number += 37) {
            byte[] a = db.get(at, key(writer, number, "a"));
            byte[] b = db.get(at, key(writer, number, "b"));
            if (a != null && b != null) {
              assertThat(number(a)).isGreaterThanOrEqualTo(number(b));
            }
          }
        }
      } finally {
        db.releaseSnapshot(snapshot);
      }
    }
  }

  private void check(DwarfDB db) {
    for (int writer = 0; writer < WRITERS; writer++) {
      for (int number = 0; number < KEYS; number++) {
        Long expected = models.get(writer).get(number);
        byte[] value = expected == null ? null : bytes(expected);
        assertThat(db.get(key(writer, number, "a"))).isEqualTo(value);
        assertThat(db.get(key(writer, number, "b"))).isEqualTo(value);
      }
    }
  }

  private static WriteBatch pair(int writer, int number, long value) {
    return new WriteBatch()
        .put(key(writer, number, "a"), bytes(value))
        .put(key(writer, number, "b"), bytes(value));
  }

  private static byte[] key(int writer, int number, String half) {
    return TestData.bytes(writer + "/" + number + half);
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static long number(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }
}
