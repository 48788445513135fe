package dwarf.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import dwarf.wal.BatchWriter;
import dwarf.wal.WalBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The queue with stages of its own: no database, no log. */
class CommitQueueTest {

  private static final class Batch implements CommitBatch {
    private final BatchWriter records = new BatchWriter();

    Batch(int bytes) {
      records.put(0, MemorySegment.ofArray(new byte[4]), MemorySegment.ofArray(new byte[bytes]));
    }

    @Override
    public int count() {
      return 1;
    }

    @Override
    public long byteSize() {
      return records.byteSize();
    }

    @Override
    public int onlyFamily() {
      return 0;
    }

    @Override
    public long memtableBytes() {
      return records.byteSize();
    }

    @Override
    public MemorySegment records() {
      return records.segment();
    }

    @Override
    public WalBatch at(long firstSequence) {
      return records.at(firstSequence);
    }

    @Override
    public void footprint(FootprintVisitor visitor) {
      visitor.visit(0, 1, records.byteSize());
    }
  }

  /** Checks the protocol: one leader, every member applied before its group is published. */
  private static final class CheckedStages implements CommitStages {
    final AtomicInteger leaders = new AtomicInteger();
    final AtomicLong published = new AtomicLong();
    final AtomicLong groups = new AtomicLong();
    final AtomicLong passing = new AtomicLong();
    final AtomicLong passed = new AtomicLong();
    final Set<CommitRequest> applied = ConcurrentHashMap.newKeySet();
    volatile boolean broken;
    volatile boolean failing;
    volatile boolean stalling;
    volatile long logNanos;
    final AtomicLong offered = new AtomicLong();
    private long sequence;

    @Override
    public boolean pass(CommitBatch batch, WriteFlags flags) {
      if (!flags.disableWal() || passing.getAndDecrement() <= 0) {
        return false;
      }
      passed.incrementAndGet();
      return true;
    }

    @Override
    public boolean pass(
        int family, RecordType type, MemorySegment key, MemorySegment value, WriteFlags flags) {
      return false;
    }

    @Override
    public void begin() {
      broken |= leaders.get() != 0;
    }

    @Override
    public boolean admitsAtOnce(CommitGroup group) {
      broken |= leaders.get() != 0;
      broken |= group.requests().getFirst().thread == Thread.currentThread();
      offered.incrementAndGet();
      return !stalling;
    }

    @Override
    public void admit(CommitGroup group) {
      broken |= leaders.incrementAndGet() != 1;
      broken |= stalling && group.requests().getFirst().thread != Thread.currentThread();
      if (failing) {
        leaders.decrementAndGet();
        throw new DwarfException(DwarfException.Kind.NO_SPACE, "no space");
      }
    }

    @Override
    public void log(CommitGroup group) {
      if (logNanos > 0) {
        LockSupport.parkNanos(logNanos);
      }
      for (CommitRequest request : group.live()) {
        request.sequenced = request.batch.at(++sequence);
      }
    }

    @Override
    public void apply(CommitRequest request) {
      broken |= !applied.add(request);
    }

    @Override
    public void publish(CommitGroup group) {
      broken |= !applied.containsAll(group.requests());
      published.addAndGet(group.requests().size());
      groups.incrementAndGet();
      broken |= leaders.decrementAndGet() != 0;
    }
  }

  private static void inThreads(int count, Runnable work) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void everyWriteIsAppliedOnceUnderOneLeader() throws Exception {
    CheckedStages stages = new CheckedStages();
    CommitQueue queue = new CommitQueue(stages);
    inThreads(
        8,
        () -> {
          for (int i = 0; i < 2_000; i++) {
            queue.commit(new Batch(i % 50 == 0 ? 40_000 : 10), WriteFlags.DEFAULT);
          }
        });
    assertThat(stages.broken).isFalse();
    assertThat(stages.published.get()).isEqualTo(16_000);
    assertThat(stages.groups.get()).isLessThanOrEqualTo(16_000);
  }

  /** Writers that sync are found together by the next sync. */
  @Test
  void syncsAreShared() throws Exception {
    CheckedStages stages = new CheckedStages();
    stages.logNanos = 2_000_000;
    CommitQueue queue = new CommitQueue(stages);
    WriteFlags sync = new WriteFlags(true, false, false);
    inThreads(
        4,
        () -> {
          for (int i = 0; i < 100; i++) {
            queue.commit(new Batch(10), sync);
          }
        });
    assertThat(stages.broken).isFalse();
    assertThat(stages.published.get()).isEqualTo(400);
    assertThat(stages.groups.get()).isLessThan(400 / 2);
  }

  /** A leader that takes its time sends those behind it to sleep, and then commits for them. */
  @Test
  void aSleepingWriterIsNotWaitedFor() throws Exception {
    CheckedStages stages = slowStages(false);
    assertThat(stages.offered.get()).as("groups led for others").isPositive();
  }

  @Test
  void aSleepingWriterLeadsItselfIfItsGroupMightStall() throws Exception {
    CheckedStages stages = slowStages(true);
    assertThat(stages.offered.get()).as("groups not led for others").isPositive();
  }

  private static CheckedStages slowStages(boolean stalling) throws InterruptedException {
    CheckedStages stages = new CheckedStages();
    stages.stalling = stalling;
    CommitQueue queue = new CommitQueue(stages);
    inThreads(
        4,
        () -> {
          for (int i = 0; i < 100; i++) {
            queue.commit(new Batch(10), WriteFlags.DEFAULT);
            queue.exclusively(() -> LockSupport.parkNanos(500_000));
          }
        });
    assertThat(stages.broken).isFalse();
    assertThat(stages.published.get()).isEqualTo(400);
    return stages;
  }

  @Test
  void aWriteThatCanPassNeverQueues() {
    CheckedStages stages = new CheckedStages();
    CommitQueue queue = new CommitQueue(stages);
    WriteFlags unlogged = new WriteFlags(false, true, false);
    stages.passing.set(1);
    queue.commit(new Batch(10), unlogged);
    assertThat(stages.passed.get()).isEqualTo(1);
    queue.commit(new Batch(10), unlogged);
    assertThat(stages.published.get()).isEqualTo(1);
    queue.commit(new Batch(10), WriteFlags.DEFAULT);
    assertThat(stages.published.get()).isEqualTo(2);
  }

  @Test
  void exclusiveActionsRunAlone() throws Exception {
    CheckedStages stages = new CheckedStages();
    CommitQueue queue = new CommitQueue(stages);
    AtomicInteger alone = new AtomicInteger();
    inThreads(
        4,
        () -> {
          for (int i = 0; i < 500; i++) {
            queue.commit(new Batch(10), WriteFlags.DEFAULT);
            queue.exclusively(
                () -> {
                  stages.broken |= stages.leaders.incrementAndGet() != 1;
                  alone.incrementAndGet();
                  stages.leaders.decrementAndGet();
                });
          }
        });
    assertThat(stages.broken).isFalse();
    assertThat(alone.get()).isEqualTo(2_000);
  }

  @Test
  void aFailedGroupFailsItsMembersAndTheQueueGoesOn() {
    CheckedStages stages = new CheckedStages();
    CommitQueue queue = new CommitQueue(stages);
    stages.failing = true;
    assertThatThrownBy(() -> queue.commit(new Batch(1), WriteFlags.DEFAULT))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.NO_SPACE));
    stages.failing = false;
    queue.commit(new Batch(1), WriteFlags.DEFAULT);
    assertThat(stages.published.get()).isEqualTo(1);
  }

  @Test
  void interruptsDoNotBreakACommitAndAreKept() throws Exception {
    CheckedStages stages = new CheckedStages();
    CommitQueue queue = new CommitQueue(stages);
    AtomicInteger kept = new AtomicInteger();
    inThreads(
        4,
        () -> {
          for (int i = 0; i < 200; i++) {
            Thread.currentThread().interrupt();
            queue.commit(new Batch(10), WriteFlags.DEFAULT);
            kept.addAndGet(Thread.interrupted() ? 1 : 0);
          }
        });
    assertThat(stages.published.get()).isEqualTo(800);
    assertThat(kept.get()).isEqualTo(800);
  }
}
