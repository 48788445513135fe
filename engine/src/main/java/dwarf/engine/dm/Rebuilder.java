package dwarf.engine.dm;

import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import dwarf.engine.commit.BackgroundLoop;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Progress;
import dwarf.engine.log.WriteLog;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.Views;
import dwarf.memtable.MemTable;
import dwarf.memtable.SlabPool;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.concurrent.PriorityBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds memtables that a memory node has lost, from the WAL, into local memory; from there they
 * are shipped again or flushed like any other frozen memtable.
 *
 * <p>R1. A lost memtable stays in the view, unreadable, until its rebuilt twin replaces it in the
 * same place of the chain: reads wait or fail, and no flush passes it. R2. Oldest first, one at a
 * time, in a pool of its own, so that rebuilding never competes with writers for memory. R3. A
 * memtable with records the WAL never had cannot be rebuilt; that is reported as lost data and
 * writes stop, as they would have been lost in a crash of the engine. R4. A memtable that only
 * snapshots still name has been flushed, so its WAL may be gone: reads of those snapshots fail.
 */
public final class Rebuilder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Rebuilder.class);
  private static final long RETRY_MILLIS = 100;

  private final Views views;
  private final WriteLog log;
  private final SlabPool pool;
  private final long writeBufferSize;
  private final Signals signals;
  private final PriorityBlockingQueue<DmSource> lost =
      new PriorityBlockingQueue<>(16, Comparator.comparingLong(DmSource::lastSequence));
  private final BackgroundLoop loop;
  private volatile boolean stopping;

  /** Set while the pool has no room until an earlier rebuilt memtable has been flushed. */
  private volatile boolean waiting;

  public Rebuilder(
      Views views, WriteLog log, SlabPool pool, long writeBufferSize, Signals signals) {
    this.views = views;
    this.log = log;
    this.pool = pool;
    this.writeBufferSize = writeBufferSize;
    this.signals = signals;
    this.loop = new BackgroundLoop("rebuild", signals.health(), () -> rebuild(lost.take()));
  }

  public void start() {
    loop.start();
  }

  /** Marks a memtable lost and queues it; harmless if it is queued already. */
  public synchronized void lost(DmSource source, String why) {
    if (source.isLost()) {
      return;
    }
    source.markLost();
    if (source.hasUnloggedRecords()) {
      signals
          .health()
          .fail(
              "memory node lost memtable " + source.id().number(),
              DwarfException.unavailable(
                  "it held writes made with disableWAL, which nothing can rebuild (" + why + ")"));
      return;
    }
    LOG.warn("memtable {} was lost ({}); rebuilding it from the WAL", source.id().number(), why);
    lost.add(source);
  }

  /** Whether rebuilding can go on only when memtables rebuilt earlier are flushed. */
  boolean isWaiting() {
    return waiting;
  }

  private void rebuild(DmSource source) throws InterruptedException {
    claim(source);
    if (!views.isCurrent(source)) {
      source.unclaim();
      return;
    }
    Statistics statistics = signals.statistics();
    MemTable table = new MemTable(pool, writeBufferSize, source.id().firstSequence());
    LogSource rebuilt =
        new LogSource(source.id(), table, pool, statistics, signals.progress()::signal);
    log.replay(
        source.id().family(),
        source.id().firstSequence(),
        source.lastSequence(),
        (sequence, type, family, key, value) -> add(table, sequence, type, key, value));
    table.publish();
    rebuilt.freeze(source.lastSequence());
    if (!views.relocate(source, rebuilt)) {
      table.release();
    }
    source.unclaim();
    statistics.increment(Counter.MEMTABLES_REBUILT);
    signals.steps().reached("rebuild.installed");
    signals.progress().signal();
  }

  private void claim(DmSource source) throws InterruptedException {
    long seen = signals.progress().events();
    while (!source.tryClaim()) {
      signals.progress().await(seen, RETRY_MILLIS * 1_000_000);
      seen = signals.progress().events();
    }
  }

  /** Adds one record, waiting until an earlier rebuilt memtable has left the pool. */
  private void add(
      MemTable table, long sequence, RecordType type, MemorySegment key, MemorySegment value) {
    long bytes = MemTable.recordBytes((int) key.byteSize(), value.byteSize());
    Progress progress = signals.progress();
    Health health = signals.health();
    long seen = progress.events();
    while (!table.prepare(bytes, 1)) {
      waiting = true;
      health.checkWritable();
      if (stopping) {
        throw new DwarfException(DwarfException.Kind.CLOSED, "closed during a rebuild");
      }
      progress.awaitUninterruptibly(seen, RETRY_MILLIS);
      seen = progress.events();
    }
    waiting = false;
    table.add(sequence, type, key, value);
  }

  @Override
  public void close() {
    stopping = true;
    loop.close();
  }
}
