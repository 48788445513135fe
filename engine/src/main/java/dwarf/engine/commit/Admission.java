package dwarf.engine.commit;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.LogSource;
import dwarf.memtable.MemTable;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Lets a group in: slows down or waits while that is called for ({@link Backpressure}), and until
 * the memtables have room for every record of the group. Runs on the commit leader, so waiting here
 * is what stalls all writers; each wait is counted under its reason, ends with an error when the
 * database fails or closes, and is bounded by {@code maxStall}.
 */
final class Admission {

  private static final long RECHECK_MILLIS = 100;

  /** For each piece of memory; there are some sixteen to a memtable. */
  private static final long MAX_SLOWDOWN_MILLIS = 60;

  private final Memtables memtables;
  private final Backpressure backpressure;
  private final Health health;
  private final Progress progress;
  private final Statistics statistics;
  private final Clock clock;
  private final Duration maxStall;
  private final BooleanSupplier dmFull;
  private final LongSupplier fillLimit;
  private final WriteDelay delay;

  Admission(Memtables memtables, Background background, Clock clock) {
    this.memtables = memtables;
    this.backpressure = background.backpressure();
    this.health = background.health();
    this.progress = background.progress();
    this.maxStall = background.maxStall();
    this.dmFull = background.dmFull();
    this.fillLimit = background.fillLimit();
    this.statistics = background.statistics();
    this.clock = clock;
    this.delay = new WriteDelay(clock.nanoTime());
  }

  /** Whether nothing holds writers back. */
  boolean isUnpressed() {
    return backpressure.verdict().action() == Backpressure.Action.GO;
  }

  /** Whether so many records of a family can be added without anything being done for it. */
  boolean hasRoom(int family, int records, long logBytes) {
    MemTable table = memtables.active(family).table();
    return !table.isFull() && table.hasRoom(logBytes, records);
  }

  /** Slows down, or waits, or refuses, as the verdict of the moment is. */
  void heedPressure(long bytes, boolean refuse) {
    Backpressure.Verdict verdict = backpressure.verdict();
    if (verdict.action() == Backpressure.Action.GO) {
      return;
    }
    if (refuse) {
      throw busy(verdict.reason());
    }
    if (verdict.action() == Backpressure.Action.SLOW) {
      delay(bytes, verdict);
    } else {
      stallWhile(
          () -> backpressure.verdict().action() == Backpressure.Action.STOP, verdict.reason());
    }
  }

  /** Makes room for so many records of one family, rotating and waiting as needed. */
  void makeRoom(int family, int records, long logBytes, RoomRequest request) {
    LogSource source = memtables.active(family);
    if (source.table().isFull()) {
      memtables.rotate(family, request.lastSequence());
    }
    if (!memtables.active(family).table().hasRoom(logBytes, records) && !request.refuse()) {
      slowDown(family);
    }
    while (!memtables.active(family).table().prepare(logBytes, records)) {
      if (memtables.rotate(family, request.lastSequence())) {
        continue;
      }
      awaitMemory(family, records, logBytes, request);
      return;
    }
  }

  /** Before the memtable takes more memory; for a moment only, since there is some (yet). */
  private void slowDown(int family) {
    long start = clock.nanoTime();
    long left = MAX_SLOWDOWN_MILLIS;
    for (long seen = progress.events(); left > 0 && isAhead(family); seen = progress.events()) {
      progress.awaitUninterruptibly(seen, left);
      health.checkWritable();
      left = MAX_SLOWDOWN_MILLIS - (clock.nanoTime() - start) / 1_000_000;
    }
    if (left < MAX_SLOWDOWN_MILLIS) {
      statistics.add(Counter.STALL_LOCAL_MEMORY, (clock.nanoTime() - start) / 1000);
    }
  }

  /** Whether the active memtable is filling faster than the one before it leaves. */
  private boolean isAhead(int family) {
    return memtables.active(family).table().bytesUsed() > fillLimit.getAsLong();
  }

  /**
   * The part of a group that is the same for all its families.
   *
   * @param lastSequence the last one assigned so far, where a memtable ends if it is rotated
   */
  record RoomRequest(long lastSequence, boolean refuse) {}

  private void awaitMemory(int family, int records, long logBytes, RoomRequest request) {
    Counter reason = dmFull.getAsBoolean() ? Counter.STALL_DM : Counter.STALL_LOCAL_MEMORY;
    if (request.refuse()) {
      throw busy(reason);
    }
    stallWhile(
        () -> {
          if (memtables.active(family).table().prepare(logBytes, records)) {
            return false;
          }
          rotateLargestIfNothingIsMoving(family, request.lastSequence());
          return true;
        },
        reason);
  }

  /** With many families all memory may sit in active memtables, which only rotation frees. */
  private void rotateLargestIfNothingIsMoving(int family, long lastSequence) {
    int largest = memtables.largestOther(family);
    if (largest >= 0 && memtables.localFrozen() == 0) {
      memtables.rotate(largest, lastSequence);
    }
  }

  private void delay(long bytes, Backpressure.Verdict verdict) {
    long now = clock.nanoTime();
    long wait = delay.nanosBefore(bytes, verdict.bytesPerSecond(), now);
    if (wait > 0) {
      LockSupport.parkNanos(this, wait);
      statistics.add(verdict.reason(), (clock.nanoTime() - now) / 1000);
    }
  }

  private void stallWhile(BooleanSupplier blocked, Counter reason) {
    long start = clock.nanoTime();
    try {
      long seen = progress.events();
      while (blocked.getAsBoolean()) {
        health.checkWritable();
        if (clock.nanoTime() - start > maxStall.toNanos()) {
          throw busy(reason);
        }
        progress.awaitUninterruptibly(seen, RECHECK_MILLIS);
        seen = progress.events();
      }
    } finally {
      statistics.add(reason, (clock.nanoTime() - start) / 1000);
    }
  }

  private DwarfException busy(Counter reason) {
    DwarfException trouble = health.flushTrouble();
    return new DwarfException(
        DwarfException.Kind.BUSY,
        "write refused: "
            + reason.help()
            + " (statistic "
            + reason.text()
            + (trouble == null ? "" : "), because flushing fails (" + trouble.getMessage())
            + "); retry later, or give the database more local or disaggregated memory or more"
            + " flush and compaction capacity");
  }
}
