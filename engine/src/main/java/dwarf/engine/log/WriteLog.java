package dwarf.engine.log;

import dwarf.base.DwarfException;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.wal.BatchCodec;
import dwarf.wal.RecoveredLog;
import dwarf.wal.RecoveryMode;
import dwarf.wal.RecoveryOptions;
import dwarf.wal.WalBatch;
import dwarf.wal.WalFrame;
import dwarf.wal.WalRecovery;
import dwarf.wal.WalWriter;
import dwarf.wal.owner.Ownership;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one open database. Until {@link #recover} has ended there is no writer: what flush and
 * offload ask for during the replay (sync, trim) is then done by recovery itself, which leaves only
 * durable records behind.
 *
 * <p>The lock orders appends, and what else changes the log's end, one after the other; the syncs
 * of offload and flush go beside them. One log generation is kept beyond what the flush markers
 * allow to delete, so that the loss of the newest install can still be made good.
 */
public final class WriteLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WriteLog.class);

  private static final int GENERATIONS_KEPT_BACK = 1;

  private final Statistics statistics;
  private final long segmentBytes;
  private final boolean manualFlush;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile WalWriter writer;

  /**
   * @param segmentBytes after which a new segment is begun
   * @param manualFlush whether groups may stay in this process until {@link #flush}; those that
   *     want to be synced, and those before them, do not
   */
  public WriteLog(Statistics statistics, long segmentBytes, boolean manualFlush) {
    this.statistics = statistics;
    this.segmentBytes = segmentBytes;
    this.manualFlush = manualFlush;
  }

  /**
   * Replays what the log holds and makes it ready for appends.
   *
   * @return a sequence at or above every one the log ever named
   */
  public long recover(
      Ownership ownership, RecoveryMode mode, Map<Integer, Long> flushedThrough, RecordSink sink) {
    RecoveredLog recovered =
        WalRecovery.recover(
            ownership,
            new RecoveryOptions(mode, flushedThrough),
            (first, count, batch) -> deliver(first, batch, sink));
    writer = recovered.writer();
    return Math.max(recovered.report().lastSequence(), recovered.report().highestSequence());
  }

  /** Appends one commit group; by the leader. Nothing happens if the list is empty. */
  public void append(List<WalBatch> batches, boolean sync) {
    if (batches.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      long before = writer.currentBytes();
      append(new WalFrame(batches), sync);
      statistics.add(Counter.WAL_BYTES, writer.currentBytes() - before);
      if (sync) {
        syncLocked();
      }
    } finally {
      lock.unlock();
    }
  }

  private void append(WalFrame frame, boolean sync) {
    if (manualFlush && !sync) {
      writer.appendBuffered(frame);
    } else {
      writer.append(frame);
    }
  }

  /** Whether groups may stay in this process for a while. */
  public boolean isManuallyFlushed() {
    return manualFlush;
  }

  /** Whether a short group costs no system call at present. */
  public boolean isInMemory() {
    lock.lock();
    try {
      return writer.isInMemory();
    } finally {
      lock.unlock();
    }
  }

  /** Sets space on the storage aside for groups to come; returns how much there is (0: unknown). */
  public long reserve(long least, long wanted) {
    lock.lock();
    try {
      return writer.reserve(least, wanted);
    } finally {
      lock.unlock();
    }
  }

  /** Hands everything appended so far to the operating system. */
  public void flush() {
    lock.lock();
    try {
      if (writer != null) {
        writer.flush();
      }
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #flush}, for nobody in particular: on a full disk the next writer hears of it. */
  public void flushNow() {
    if (!manualFlush) {
      return;
    }
    try {
      flush();
    } catch (DwarfException e) {
      if (e.kind() != DwarfException.Kind.NO_SPACE) {
        throw e;
      }
      LOG.warn("what is buffered of the log cannot be written: {}", e.getMessage());
    }
  }

  /** Begins a new segment if the present one is long enough, and says so; by the leader. */
  public boolean rotateIfLong(Map<Integer, Long> flushedThrough) {
    lock.lock();
    try {
      if (writer == null || writer.currentBytes() < segmentBytes) {
        return false;
      }
      writer.rotate(flushedThrough);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Makes all segments but the present one durable, while appends go on: without the lock. */
  public void syncClosed() {
    WalWriter present = writer;
    if (present == null) {
      return;
    }
    long before = present.durableThrough();
    present.syncClosed();
    if (present.durableThrough() > before) {
      statistics.increment(Counter.WAL_SYNCS);
    }
  }

  /** Makes everything appended so far durable; by the leader. */
  public void syncAll() {
    lock.lock();
    try {
      if (writer != null && writer.durableThrough() < writer.lastSequence()) {
        syncLocked();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes every record up to that sequence durable, of those that have been appended, while appends
   * go on: a memtable's worth of log takes the device as long as many thousand writes.
   */
  public void syncThrough(long sequence) {
    syncClosed();
    WalWriter present = writer;
    if (present == null) {
      return;
    }
    long through = Math.min(sequence, present.lastSequence());
    if (present.durableThrough() < through) {
      flush();
      present.syncWritten(through);
      statistics.increment(Counter.WAL_SYNCS);
    }
  }

  private void syncLocked() {
    writer.sync();
    statistics.increment(Counter.WAL_SYNCS);
  }

  /** Deletes the segments that no family needs. */
  public void trim(Map<Integer, Long> flushedThrough) {
    WalWriter present = writer;
    if (present != null) {
      present.deleteCovered(flushedThrough, GENERATIONS_KEPT_BACK);
    }
  }

  /** Reads back every record of the family with a sequence between the two, in order. */
  public void replay(int family, long first, long last, RecordSink sink) {
    WalWriter present = writer;
    if (present == null) {
      throw DwarfException.unavailable("the log cannot be read back before recovery has ended");
    }
    flush();
    present.readBack(
        first,
        last,
        (firstOfBatch, count, batch) ->
            deliver(
                firstOfBatch,
                batch,
                (sequence, type, of, key, value) -> {
                  if (of == family && sequence >= first && sequence <= last) {
                    sink.record(sequence, type, of, key, value);
                  }
                }));
  }

  private static void deliver(long firstSequence, MemorySegment batch, RecordSink sink) {
    long[] next = {firstSequence};
    BatchCodec.forEach(
        batch, (type, family, key, value) -> sink.record(next[0]++, type, family, key, value));
  }

  /** Bytes of all live segments. */
  public long bytes() {
    WalWriter present = writer;
    return present == null ? 0 : present.bytes();
  }

  /** Every record up to this sequence survives a loss of power. */
  public long durableThrough() {
    WalWriter present = writer;
    return present == null ? 0 : present.durableThrough();
  }

  @Override
  public void close() {
    WalWriter present = writer;
    if (present != null) {
      present.close();
    }
  }
}
