package dwarf.engine.commit;

import dwarf.engine.log.WriteLog;

/**
 * Makes log segments durable soon after they are full, so that no writer waits for a whole segment
 * to reach the device: neither the next one that asks for a sync, nor the next rotation. Hands what
 * is buffered of the present one to the operating system, at least once a second.
 */
public final class LogSync implements AutoCloseable {

  private static final long IDLE_NANOS = 1_000_000_000;

  private final WritePath writes;
  private final WriteLog log;
  private final Progress progress;
  private final Health health;
  private final BackgroundLoop loop;

  /**
   * @param progress signalled after each rotation of the log
   */
  public LogSync(WritePath writes, WriteLog log, Progress progress, Health health) {
    this.writes = writes;
    this.log = log;
    this.progress = progress;
    this.health = health;
    this.loop = new BackgroundLoop("log-sync", health, this::round);
  }

  public void start() {
    loop.start();
  }

  private void round() throws InterruptedException {
    long seen = progress.events();
    log.syncClosed();
    flush();
    progress.await(seen, IDLE_NANOS);
  }

  private void flush() {
    writes.catchUpLog();
    log.flushNow();
  }

  /** When nothing is written any more. */
  @Override
  public void close() {
    loop.close();
    if (!health.isFailed()) {
      flush();
    }
  }
}
