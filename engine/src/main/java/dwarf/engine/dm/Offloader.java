package dwarf.engine.dm;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.engine.commit.BackgroundLoop;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.Views;
import dwarf.memtable.SlabPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves frozen memtables into disaggregated memory while local memory is short, oldest first.
 *
 * <p>O1. A memtable is readable at every moment: in its log until every shard is sealed in DM, then
 * in DM; the two are swapped in one view change. O2. A memtable that could not be shipped whole
 * leaves nothing behind in DM. O3. A refusal is no error: the memtable stays local, where the flush
 * coordinator finds it. O4. What offloading frees is the system's again when nothing has moved for
 * {@value #IDLE_MILLIS} ms; until then the pages serve the next memtable without page faults. O5.
 * While the rest of local memory is needed for what is being written, that fills no faster than the
 * memtable under way is sent ({@link FillPace}), also while that has yet to begin, for writers that
 * spin keep this thread from running: they are slowed down all along instead of stopped at the end.
 * The same holds from the moment on that room comes for a memtable that DM had refused.
 *
 * <p>One thread; steps {@code offload.*}.
 */
public final class Offloader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Offloader.class);
  private static final long IDLE_MILLIS = 200;

  private final Views views;
  private final SlabPool pool;
  private final long writeBufferSize;
  private final DmNode node;
  private final Shipper shipper;
  private final Signals signals;
  private final OffloadPicker picker;
  private final BackgroundLoop loop;
  private final OffloadBackoff backoff = new OffloadBackoff(Clock.SYSTEM);

  public Offloader(
      Views views,
      SlabPool pool,
      long writeBufferSize,
      DmNode node,
      Shipper shipper,
      Signals signals) {
    this.views = views;
    this.pool = pool;
    this.writeBufferSize = writeBufferSize;
    this.node = node;
    this.shipper = shipper;
    this.signals = signals;
    this.picker = new OffloadPicker(views::isCurrent);
    this.loop = new BackgroundLoop("offload", signals.health(), this::round);
  }

  public void start() {
    loop.start();
  }

  /** Whether the last attempt was refused for want of room in DM, and none has come since. */
  public boolean isRefused() {
    return backoff.isRefused(node.timesRoomCame());
  }

  /** Whether local memory is short and the next frozen memtable will be shipped at once. */
  boolean isTaking() {
    return isShort() && mayShip();
  }

  private boolean isShort() {
    return pool.available() < writeBufferSize;
  }

  private boolean mayShip() {
    return node.isUsable() && !isRefused() && !isBackingOff();
  }

  /** How many bytes the memtable being written may hold by now (O5). */
  long fillLimit() {
    if (!isShort()) {
      return Long.MAX_VALUE;
    }
    double progress = shipper.progress();
    if (progress == 1) {
      if (!mayShip() || !picker.hasNext(views.current())) {
        return Long.MAX_VALUE;
      }
      progress = 0;
    }
    return FillPace.limit(writeBufferSize, progress);
  }

  private void round() throws InterruptedException {
    long seen = signals.progress().events();
    LogSource next = isBackingOff() ? null : claimNext();
    if (next == null) {
      signals.progress().await(seen, IDLE_MILLIS * 1_000_000);
      giveBackIfQuiet(seen);
    } else {
      ship(next);
    }
  }

  /** Pages kept for the next memtable go back to the system once no memtable is moving (O4). */
  private void giveBackIfQuiet(long seen) {
    if (signals.progress().events() == seen) {
      pool.trim();
      shipper.trim();
    }
  }

  private boolean isBackingOff() {
    return backoff.isOn(node.timesRoomCame());
  }

  /** The oldest frozen local memtable, claimed, if local memory is short and DM can be used. */
  private LogSource claimNext() {
    if (!isShort() || !node.isUsable()) {
      return null;
    }
    return picker.pick(views.current());
  }

  private void ship(LogSource log) {
    Statistics statistics = signals.statistics();
    long roomBefore = node.timesRoomCame();
    try {
      DmSource moved = shipper.ship(log);
      signals.steps().reached("offload.sealed");
      boolean used = views.relocate(log, moved);
      if (!used) {
        shipper.discard(moved);
      }
      statistics.increment(Counter.OFFLOAD_MEMTABLES);
      statistics.add(Counter.OFFLOAD_BYTES_USED, log.table().logBytes());
      backoff.shipped();
      signals.steps().reached("offload.installed");
    } catch (DwarfException e) {
      if (e.kind() == DwarfException.Kind.FENCED) {
        throw e;
      }
      if (e.kind() == DwarfException.Kind.NO_SPACE || e.kind() == DwarfException.Kind.BUSY) {
        backoff.refused(roomBefore);
        statistics.increment(Counter.OFFLOAD_REFUSED);
      } else {
        backoff.failed();
        statistics.increment(Counter.OFFLOAD_FAILED);
      }
      LOG.info("memtable {} stays local: {}", log.id().number(), e.getMessage());
    } finally {
      log.unclaim();
      signals.progress().signal();
    }
  }

  @Override
  public void close() {
    loop.close();
    shipper.close();
  }
}
