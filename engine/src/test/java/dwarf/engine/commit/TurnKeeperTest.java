package dwarf.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import dwarf.engine.WriteBatch;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.memtable.MemTable;
import dwarf.memtable.SlabPool;
import dwarf.memtable.WriteLane;
import dwarf.wal.WalBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writers that finish in any order, more of them than processors, in a memtable of their own. */
class TurnKeeperTest {

  private static final long BASE = 1_000;
  private static final int WRITERS = 6;
  private static final int RECORDS = 400_000;
  private static final MemorySegment VALUE = MemorySegment.ofArray(new byte[0]);
  private static final long BYTES = MemTable.recordBytes(Long.BYTES, 0);

  private final SlabPool pool = new SlabPool(64 << 20, 1 << 20);
  private final MemTable table = new MemTable(pool, 64 << 20, BASE + 1);
  private final VisibleSequence visible = new VisibleSequence();
  private final Health health = new Health();
  private final Statistics statistics = new Statistics();
  private final TurnKeeper turns = new TurnKeeper(visible, health, statistics);

  @AfterEach
  void release() {
    table.release();
    pool.close();
  }

  @Test
  void aWriteCanBeSeenWhenItHasReturnedAndNothingGoesBack() throws Exception {
    run(openLane(RECORDS, LaneLog.NONE));
    assertThat(statistics.get(Counter.WRITE_RECORDS)).isEqualTo(visible.get() - BASE);
  }

  /** The first writer sleeps before it is finished: nobody waits but who has to. */
  @Test
  void aWriteReturnsBeforeOneInFrontOfItIsFinished() {
    TurnKeeper.Lane lane = openLane(10, LaneLog.NONE);
    long first = lane.room().take(BYTES, 1);
    long second = lane.room().take(BYTES, 1);
    long third = lane.room().take(BYTES, 1);
    turns.finish(lane, second, fill(lane, second, 1));
    assertThat(visible.get()).isEqualTo(BASE);
    assertThat(visible.reach(BASE + 3)).as("the third, which has not returned").isFalse();
    turns.finish(lane, first, fill(lane, first, 1));
    assertThat(visible.reach(BASE + 2)).as("the second, which has").isTrue();
    assertThat(visible.latest()).as("all that have returned").isEqualTo(BASE + 2);
    turns.finish(lane, third, fill(lane, third, 1));
    assertThat(visible.latest()).isEqualTo(BASE + 3);
  }

  /** Whoever logs: one at a time, without a gap, and before anybody can see it. */
  @Test
  void everythingIsLoggedOnceAndInOrderBeforeItIsShown() throws Exception {
    OrderedLog log = new OrderedLog();
    TurnKeeper.Lane lane = openLane(RECORDS, log);
    log.lane = lane;
    log.logged = lane.room().published();
    run(lane);
    assertThat(log.logged).isEqualTo(lane.room().published());
    assertThat(log.groups).isLessThan(WriteLane.count(log.logged));
  }

  /** What cannot be logged is not shown, and nobody goes on behind it. */
  @Test
  void aLogThatFailsEndsAllWaiting() {
    DwarfException full = DwarfException.io("log failed", new IOException("broken"));
    TurnKeeper.Lane lane =
        openLane(
            10,
            new LaneLog() {
              @Override
              public void beforeShown(long from, long end) {
                throw full;
              }
            });
    long first = lane.room().take(BYTES, 1);
    long second = lane.room().take(BYTES, 1);
    long firstEnd = fill(lane, first, 1);
    long secondEnd = fill(lane, second, 1);
    assertThatThrownBy(() -> turns.finish(lane, first, firstEnd)).isSameAs(full);
    assertThatThrownBy(() -> turns.finish(lane, second, secondEnd)).hasMessage(full.getMessage());
    assertThat(health.isFailed()).isTrue();
    assertThat(visible.get()).isEqualTo(BASE);
  }

  /** Not only what the log is known to fail with. */
  @Test
  void whateverALogFailsWithEndsAllWaiting() {
    OutOfMemoryError full = new OutOfMemoryError("no room to copy a record");
    TurnKeeper.Lane lane =
        openLane(
            10,
            new LaneLog() {
              @Override
              public void beforeShown(long from, long end) {
                throw full;
              }
            });
    long first = lane.room().take(BYTES, 1);
    long second = lane.room().take(BYTES, 1);
    long firstEnd = fill(lane, first, 1);
    long secondEnd = fill(lane, second, 1);
    assertThatThrownBy(() -> turns.finish(lane, first, firstEnd)).isSameAs(full);
    assertThatThrownBy(() -> turns.finish(lane, second, secondEnd))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.INTERNAL));
    assertThat(visible.get()).isEqualTo(BASE);
  }

  /** Groups of batches only; what else is among them is logged from the memtable. */
  @Test
  @Timeout(20)
  void batchesThatAreLeftAreLoggedAsTheyAre() throws Exception {
    List<String> logged = new ArrayList<>();
    TurnKeeper.Lane lane = openLane(10, new BatchLog(logged));
    long first = lane.room().take(2 * BYTES, 2);
    long second = lane.room().take(BYTES, 1);
    long third = lane.room().take(2 * BYTES, 2);
    long fourth = lane.room().take(BYTES, 1);
    AtomicReference<Thread> other = new AtomicReference<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> waiting =
          threads.submit(
              () -> {
                other.set(Thread.currentThread());
                finishBatch(lane, second, 1);
              });
      awaitIn(other, "awaitShown");
      finishBatch(lane, first, 2);
      waiting.get();
      waiting = threads.submit(() -> finishBatch(lane, fourth, 1));
      long end = fill(lane, third, 2);
      turns.finish(lane, third, end);
      waiting.get();
    }
    assertThat(visible.get()).isEqualTo(BASE + 6);
    assertThat(String.join(" ", logged)).isIn("1+2 3+1 copy of 3", "1+2 3+1 copy of 2 6+1");
  }

  /** The caller may change its batch as soon as the write has failed. */
  @Test
  @Timeout(20)
  void aBatchThatFailsIsNotBeingLoggedAnyMore() throws Exception {
    AtomicBoolean logging = new AtomicBoolean();
    AtomicReference<Thread> here = new AtomicReference<>(Thread.currentThread());
    AtomicReference<Thread> other = new AtomicReference<>();
    LaneLog slow =
        new BatchLog(new ArrayList<>()) {
          @Override
          public void beforeShown(long end, List<WalBatch> batches) {
            logging.set(true);
            turns.breakDown();
            awaitIn(Thread.currentThread() == here.get() ? other : here, "giveUpBatch");
            logging.set(false);
          }
        };
    TurnKeeper.Lane lane = openLane(10, slow);
    long first = lane.room().take(2 * BYTES, 2);
    long second = lane.room().take(2 * BYTES, 2);
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<Boolean> waiting =
          threads.submit(
              () -> {
                other.set(Thread.currentThread());
                return isLoggingAfter(logging, lane, second);
              });
      awaitIn(other, "awaitShown");
      assertThat(isLoggingAfter(logging, lane, first)).isFalse();
      assertThat(waiting.get()).isFalse();
    }
    assertThat(health.isFailed()).isTrue();
  }

  /** The batch has failed, or has become visible just before. */
  private boolean isLoggingAfter(AtomicBoolean logging, TurnKeeper.Lane lane, long place) {
    try {
      finishBatch(lane, place, 2);
    } catch (DwarfException failed) {
      assertThat(failed.kind()).isEqualTo(DwarfException.Kind.INTERNAL);
    }
    return logging.get();
  }

  private void finishBatch(TurnKeeper.Lane lane, long place, int records) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < records; i++) {
      batch.put(new byte[Long.BYTES], new byte[0]);
    }
    turns.finish(lane, place, fill(lane, place, records), batch);
  }

  /** Returns when that thread is inside that method of the turn keeper. */
  private static void awaitIn(AtomicReference<Thread> thread, String method) {
    while (thread.get() == null
        || Arrays.stream(thread.get().getStackTrace())
            .noneMatch(
                frame ->
                    frame.getClassName().equals(TurnKeeper.class.getName())
                        && frame.getMethodName().equals(method))) {
      if (Thread.interrupted()) {
        throw new AssertionError("nobody came to " + method + " before the test's time was up");
      }
      Thread.onSpinWait();
    }
  }

  private static class BatchLog implements LaneLog {
    private final List<String> logged;

    BatchLog(List<String> logged) {
      this.logged = logged;
    }

    @Override
    public boolean takesBatches() {
      return true;
    }

    @Override
    public void beforeShown(long from, long end) {
      logged.add("copy of " + (WriteLane.count(end) - WriteLane.count(from)));
    }

    @Override
    public void beforeShown(long end, List<WalBatch> batches) {
      for (WalBatch batch : batches) {
        logged.add((batch.firstSequence() - BASE) + "+" + batch.count());
      }
    }
  }

  private void run(TurnKeeper.Lane lane) throws Exception {
    AtomicBoolean writing = new AtomicBoolean(true);
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        SplittableRandom random = new SplittableRandom(writer);
        writers.add(threads.submit(() -> writeUntilRefused(lane, random)));
      }
      Future<?> watcher = threads.submit(() -> watch(writing));
      try {
        for (Future<?> writer : writers) {
          writer.get();
        }
      } finally {
        writing.set(false);
      }
      watcher.get();
    }
    long end = table.closeLane(lane.room());
    turns.end(lane);
    assertThat(visible.get()).isEqualTo(lane.lastBefore(end));
    assertThat(table.entryCount()).isEqualTo(WriteLane.count(end)).isGreaterThan(RECORDS - 4_000);
  }

  @Test
  void nobodyWaitsForAPlaceThatWillNotBeFilled() {
    TurnKeeper.Lane lane = openLane(10, LaneLog.NONE);
    lane.room().take(BYTES, 1);
    turns.breakDown();
    long place = lane.room().take(BYTES, 1);
    long end = fill(lane, place, 1);
    assertThatThrownBy(() -> turns.finish(lane, place, end))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.INTERNAL));
    assertThat(health.isFailed()).isTrue();
    assertThat(visible.get()).isEqualTo(BASE);
  }

  /** Not synchronized: it must not have to be. */
  private final class OrderedLog implements LaneLog {
    private TurnKeeper.Lane lane;
    private long logged;
    private int groups;

    @Override
    public void beforeShown(long from, long end) {
      assertThat(from).isEqualTo(logged);
      assertThat(end).isGreaterThan(from);
      assertThat(visible.get()).isEqualTo(lane.lastBefore(from));
      logged = end;
      groups++;
    }
  }

  private TurnKeeper.Lane openLane(int records, LaneLog log) {
    assertThat(table.prepare(records * BYTES, records)).isTrue();
    table.publish();
    visible.set(BASE);
    visible.watch(turns);
    TurnKeeper.Lane lane = new TurnKeeper.Lane(table.openLane(), BASE, log);
    turns.begin(lane);
    return lane;
  }

  /** Single records mostly, and batches longer than the ring. */
  private void writeUntilRefused(TurnKeeper.Lane lane, SplittableRandom random) {
    while (true) {
      int records = random.nextInt(200) == 0 ? 1 + random.nextInt(3_000) : 1;
      long place = lane.room().take(records * BYTES, records);
      if (place == WriteLane.REFUSED) {
        return;
      }
      long end = fill(lane, place, records);
      turns.finish(lane, place, end);
      long last = lane.lastBefore(end);
      if (records > 1 || !lane.log().returnsFirst()) {
        assertThat(visible.get()).isGreaterThanOrEqualTo(last);
      } else if (random.nextInt(10) == 0) {
        assertThat(visible.reach(last)).isTrue();
      } else if (random.nextInt(100) == 0) {
        assertThat(visible.latest()).isGreaterThanOrEqualTo(last);
      }
    }
  }

  private static long fill(TurnKeeper.Lane lane, long place, int records) {
    long at = place;
    for (int i = 0; i < records; i++) {
      long sequence = lane.lastBefore(at) + 1;
      MemorySegment key = MemorySegment.ofArray(new long[] {sequence});
      at = lane.room().add(at, sequence, RecordType.PUT, key, VALUE);
    }
    return at;
  }

  private void watch(AtomicBoolean writing) {
    long seen = BASE;
    while (writing.get()) {
      long now = visible.get();
      assertThat(now).isGreaterThanOrEqualTo(seen);
      assertThat(BASE + table.entryCount()).isGreaterThanOrEqualTo(now);
      seen = now;
    }
  }
}
