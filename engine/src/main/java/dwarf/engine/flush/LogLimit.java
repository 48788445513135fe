package dwarf.engine.flush;

import dwarf.base.DwarfException;
import dwarf.engine.commit.BackgroundLoop;
import dwarf.engine.commit.CommitQueue;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Memtables;
import dwarf.engine.commit.Progress;
import dwarf.engine.commit.WritePath;
import dwarf.engine.log.WriteLog;
import dwarf.engine.view.Views;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log below max_total_wal_size: a family that is hardly written to keeps every segment
 * since its first unflushed record alive, so past the limit all families are frozen and flushed.
 */
public final class LogLimit implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogLimit.class);
  private static final long PERIOD_MILLIS = 1000;

  private final long maxBytes;
  private final WriteLog log;
  private final Views views;
  private final FlushCoordinator flush;
  private final Freezing freezing;
  private final Progress pause = new Progress();
  private final BackgroundLoop loop;

  /** What freezing a memtable takes. */
  public record Freezing(CommitQueue queue, Memtables memtables, WritePath writePath) {}

  public LogLimit(
      long maxBytes,
      WriteLog log,
      Views views,
      FlushCoordinator flush,
      Freezing freezing,
      Health health) {
    this.maxBytes = maxBytes;
    this.log = log;
    this.views = views;
    this.flush = flush;
    this.freezing = freezing;
    this.loop = new BackgroundLoop("log-limit", health, this::round);
  }

  public void start() {
    loop.start();
  }

  private void round() throws InterruptedException {
    look();
    pause.await(pause.events(), PERIOD_MILLIS * 1_000_000);
  }

  @Override
  public void close() {
    loop.close();
  }

  private void look() {
    if (log.bytes() <= maxBytes) {
      return;
    }
    try {
      freezing.queue().exclusively(this::freezeAll);
    } catch (DwarfException e) {
      LOG.debug("the log is over its limit and nothing can be frozen now: {}", e.getMessage());
    }
  }

  private void freezeAll() {
    long last = freezing.writePath().lastAssigned();
    for (int family : views.current().families().keySet()) {
      if (freezing.memtables().hasFamily(family)) {
        freezing.memtables().rotate(family, last);
        flush.request(family, last);
      }
    }
  }
}
