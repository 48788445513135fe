package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a write that has returned did is seen by every read that begins after that, by any thread
 * and of any kind: with more writers than processors, which do not wait for each other.
 */
class ReturnedWritesTest {

  private static final int WRITERS = 6;
  private static final int ROUNDS = 10_000;

  /** Small, so that lanes end and memtables change all the time. */
  private static final long BUFFER = 256 << 10;

  enum Log {
    WITH,
    WITHOUT,
    FLUSHED_MANUALLY
  }

  @TempDir Path root;

  private final AtomicLongArray returned = new AtomicLongArray(WRITERS);

  @ParameterizedTest
  @EnumSource
  void everyReadSeesWhatHasReturned(Log log) throws Exception {
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(BUFFER)
            .setManualWalFlush(log == Log.FLUSHED_MANUALLY);
    WriteOptions write = new WriteOptions().setDisableWAL(log == Log.WITHOUT);
    try (DwarfDB db = DwarfDB.open(root.resolve("db"), options);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      for (int writer = 0; writer < WRITERS; writer++) {
        db.put(write, counter(writer), value(0));
      }
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int number = writer;
        writers.add(threads.submit(() -> run(db, write, number)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      assertThat(statistic(db, "write.records")).isEqualTo(WRITERS * (ROUNDS + 1L));
    }
  }

  private static byte[] counter(int writer) {
    return bytes("counter" + writer);
  }

  private static byte[] value(long number) {
    return ByteBuffer.allocate(100).putLong(number).array();
  }

  private static long number(byte[] value) {
    assertThat(value).isNotNull();
    return ByteBuffer.wrap(value).getLong();
  }

  private void run(DwarfDB db, WriteOptions write, int writer) {
    SplittableRandom random = new SplittableRandom(writer);
    for (int round = 1; round <= ROUNDS; round++) {
      db.put(write, counter(writer), value(round));
      returned.set(writer, round);
      if (random.nextInt(4) == 0) {
        look(db, random);
      }
    }
  }

  private void look(DwarfDB db, SplittableRandom random) {
    int one = random.nextInt(WRITERS);
    long least = returned.get(one);
    long found =
        switch (random.nextInt(20)) {
          case 0 -> walkTo(db, counter(one));
          case 1 -> inSnapshot(db, counter(one));
          case 2, 3 -> number(db.multiGetAsList(List.of(counter(one), counter(0))).get(0));
          default -> number(db.get(counter(one)));
        };
    assertThat(found).as("counter %d", one).isGreaterThanOrEqualTo(least);
  }

  private static long walkTo(DwarfDB db, byte[] key) {
    try (DwarfIterator walk = db.newIterator()) {
      walk.seek(key);
      assertThat(walk.isValid()).isTrue();
      assertThat(walk.key()).isEqualTo(key);
      return number(walk.value());
    }
  }

  /** Which does not change any more. */
  private static long inSnapshot(DwarfDB db, byte[] key) {
    try (Snapshot snapshot = db.getSnapshot()) {
      ReadOptions then = new ReadOptions().setSnapshot(snapshot);
      long found = number(db.get(then, key));
      assertThat(number(db.get(then, key))).isEqualTo(found);
      return found;
    }
  }
}
