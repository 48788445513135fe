package dwarf.engine.dm;

import dwarf.base.DwarfException;
import dwarf.engine.commit.BackgroundLoop;
import dwarf.engine.log.RecordSink;
import dwarf.engine.log.WriteLog;
import dwarf.engine.stats.Counter;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.FamilyView;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableId;
import dwarf.engine.view.Views;
import dwarf.memtable.MemTable;
import dwarf.memtable.SlabPool;
import java.util.Comparator;
import java.util.concurrent.PriorityBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds memtables that a memory node has lost, from the WAL, into local memory; from there they
 * are shipped again or flushed like any other frozen memtable.
 *
 * <p>R1. A lost memtable stays in the view, unreadable, until its rebuilt twin replaces it in the
 * same place of the chain: reads wait or fail, and no flush passes it. R2. One at a time, in a pool
 * of its own, so that rebuilding never competes with writers for memory. R3. A memtable with
 * records the WAL never had cannot be rebuilt; that is reported as lost data and writes stop, as
 * they would have been lost in a crash of the engine. R4. A memtable that only snapshots still name
 * has been flushed, so its WAL may be gone: reads of those snapshots fail. R5. Half of the pool is
 * kept for the oldest memtable of a family, which can be flushed at once and so always gives its
 * memory back; one with older ones before it may be lost first, but takes only the other half and
 * only while nobody else holds any.
 *
 * <p>Two passes over the log, one to count: only a memtable prepared as a whole is sure to fit.
 */
public final class Rebuilder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Rebuilder.class);
  private static final long RETRY_NANOS = 100_000_000;

  private final Views views;
  private final WriteLog log;
  private final SlabPool pool;
  private final long writeBufferSize;
  private final Signals signals;
  private final PriorityBlockingQueue<DmSource> lost =
      new PriorityBlockingQueue<>(16, Comparator.comparingLong(DmSource::lastSequence));
  private final BackgroundLoop loop;

  /** The memtable measured last and what it takes, so that waiting costs no reading. */
  private DmSource measured;

  private Size size;

  private volatile boolean stopping;

  /** Set while a lost memtable waits, which most often is until others have been flushed. */
  private volatile boolean waiting;

  public Rebuilder(
      Views views, WriteLog log, SlabPool pool, long writeBufferSize, Signals signals) {
    this.views = views;
    this.log = log;
    this.pool = pool;
    this.writeBufferSize = writeBufferSize;
    this.signals = signals;
    this.loop = new BackgroundLoop("rebuild", signals.health(), this::round);
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
    signals.progress().signal();
  }

  /** Whether rebuilding may need memtables to be flushed before it can go on. */
  boolean isWaiting() {
    return waiting;
  }

  private void round() throws InterruptedException {
    long seen = signals.progress().events();
    DmSource next = lost.peek();
    if (next == null || !attempt(next)) {
      waiting = next != null;
      signals.progress().await(seen, RETRY_NANOS);
    } else {
      waiting = false;
      lost.remove(next);
      signals.progress().signal();
    }
  }

  /** Whether the memtable is done with: rebuilt, or not needed any more; false if it must wait. */
  private boolean attempt(DmSource source) {
    if (!source.tryClaim()) {
      return false;
    }
    try {
      if (!views.isCurrent(source)) {
        return true;
      }
      MemTable table = prepared(source);
      if (table != null) {
        rebuild(source, table);
      }
      return table != null;
    } finally {
      source.unclaim();
    }
  }

  /** A memtable with room for all of it; null if there is none now (R5). */
  private MemTable prepared(DmSource source) {
    boolean oldest = isOldest(source);
    if (!oldest && pool.used() > 0) {
      return null;
    }
    MemTable table = new MemTable(pool, writeBufferSize, source.id().firstSequence());
    measure(source);
    if (table.prepare(size.bytes, size.records)
        && (oldest || table.bytesUsed() <= pool.capacity() / 2)) {
      return table;
    }
    table.release();
    return null;
  }

  private boolean isOldest(DmSource source) {
    FamilyView family = views.current().families().get(source.id().family());
    return family != null && family.newestFirst().getLast() == source;
  }

  /** What the records of one memtable take. */
  private static final class Size {
    long bytes;
    int records;
  }

  private void measure(DmSource source) {
    if (measured == source) {
      return;
    }
    Size sum = new Size();
    replay(
        source,
        (sequence, type, family, key, value) -> {
          sum.bytes += MemTable.recordBytes((int) key.byteSize(), value.byteSize());
          sum.records++;
        });
    size = sum;
    measured = source;
  }

  private void replay(DmSource source, RecordSink sink) {
    MemtableId id = source.id();
    log.replay(
        id.family(),
        id.firstSequence(),
        source.lastSequence(),
        (sequence, type, family, key, value) -> {
          if (stopping) {
            throw new DwarfException(DwarfException.Kind.CLOSED, "closed during a rebuild");
          }
          sink.record(sequence, type, family, key, value);
        });
  }

  private void rebuild(DmSource source, MemTable table) {
    LogSource rebuilt =
        new LogSource(source.id(), table, signals.statistics(), signals.progress()::signal);
    replay(source, (sequence, type, family, key, value) -> table.add(sequence, type, key, value));
    table.publish();
    rebuilt.freeze(source.lastSequence());
    if (!views.relocate(source, rebuilt)) {
      table.release();
    }
    signals.statistics().increment(Counter.MEMTABLES_REBUILT);
    signals.steps().reached("rebuild.installed");
  }

  @Override
  public void close() {
    stopping = true;
    loop.close();
  }
}
