package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither sequence numbers nor values go back while memtables move, flush and install. */
class MonotoneReadsTest {

  private static final int WRITERS = 2;
  private static final int ROUNDS = 2_000;

  @TempDir Path root;

  private final AtomicLongArray acknowledged = new AtomicLongArray(WRITERS);
  private final AtomicBoolean writing = new AtomicBoolean(true);

  @Test
  void sequencesAndValuesOnlyGrow() throws Exception {
    try (TestCluster cluster = TestCluster.start("tcp", root, 1, 64L << 20);
        DwarfDB db =
            DwarfDB.open(
                root.resolve("db"),
                TestData.keepInDm(cluster, root).setMinWriteBufferNumberToMerge(3));
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> writers = new ArrayList<>();
      List<Future<?>> others = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int number = writer;
        db.put(counter(number), value(0));
        writers.add(threads.submit(() -> write(db, number)));
        others.add(threads.submit(() -> read(db, number)));
      }
      others.add(threads.submit(() -> watchSequences(db)));
      others.add(threads.submit(() -> flush(db)));
      try {
        for (Future<?> writer : writers) {
          writer.get();
        }
      } finally {
        writing.set(false);
      }
      for (Future<?> other : others) {
        other.get();
      }
      assertThat(statistic(db, "flush.jobs")).isGreaterThan(3);
      assertThat(statistic(db, "offload.memtables")).isPositive();
      assertThat(db.getLatestSequenceNumber()).isGreaterThanOrEqualTo(2L * WRITERS * ROUNDS);
    }
  }

  private static byte[] counter(int writer) {
    return bytes("counter" + writer);
  }

  private static byte[] value(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private void write(DwarfDB db, int writer) {
    byte[] filler = new byte[400];
    for (int round = 1; round <= ROUNDS; round++) {
      long before = db.getLatestSequenceNumber();
      WriteBatch batch = new WriteBatch();
      batch.put(db.getDefaultColumnFamily(), counter(writer), value(round));
      batch.put(db.getDefaultColumnFamily(), bytes(writer + "/" + round), filler);
      db.write(new WriteOptions(), batch);
      acknowledged.set(writer, round);
      assertThat(db.getLatestSequenceNumber()).isGreaterThanOrEqualTo(before + 2);
    }
  }

  private void read(DwarfDB db, int writer) {
    long last = 0;
    while (writing.get()) {
      long least = Math.max(last, acknowledged.get(writer));
      byte[] found = db.get(counter(writer));
      assertThat(found).as("counter %d after %d", writer, least).isNotNull();
      long now = ByteBuffer.wrap(found).getLong();
      assertThat(now).as("counter %d", writer).isGreaterThanOrEqualTo(least);
      last = now;
      if (now > 0) {
        assertThat(db.get(bytes(writer + "/" + now))).as("written with %d", now).isNotNull();
      }
    }
  }

  private void watchSequences(DwarfDB db) {
    long last = 0;
    while (writing.get()) {
      long now = db.getLatestSequenceNumber();
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
    }
  }

  private void flush(DwarfDB db) {
    while (writing.get()) {
      db.flush();
    }
  }
}
