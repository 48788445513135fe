package dwarf.bench.load;

import dwarf.bench.engine.BenchEngine;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** db_bench's operations between benchmarks, which are not measured. */
public enum MetaOperation implements Step {
  /** Moves everything from memtables to SST files. */
  FLUSH,
  /** Compacts the whole database; includes a flush. */
  COMPACT,
  /** Waits until RocksDB has no compaction to do. */
  WAITFORCOMPACTION;

  private static final long POLL_NANOS = 50_000_000;

  /** It has to be seen idle that often, since one compaction may call for the next. */
  private static final int IDLE_POLLS = 3;

  /** One that is pending and not begun for so long never will be: compactions are switched off. */
  private static final int NEVER_BEGUN_POLLS = 60;

  private static final String PENDING = "rocksdb.compaction-pending";
  private static final String RUNNING = "rocksdb.num-running-compactions";

  /** The operation of that name, or null. */
  static MetaOperation named(String name) {
    for (MetaOperation operation : values()) {
      if (operation.text().equals(name)) {
        return operation;
      }
    }
    return null;
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  void run(BenchEngine engine) {
    switch (this) {
      case FLUSH -> engine.flush();
      case COMPACT -> engine.compact();
      case WAITFORCOMPACTION -> awaitIdle(engine);
    }
  }

  private static void awaitIdle(BenchEngine engine) {
    int idle = 0;
    int notRunning = 0;
    while (idle < IDLE_POLLS
        && notRunning < NEVER_BEGUN_POLLS
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(POLL_NANOS);
      boolean running = engine.property(RUNNING) > 0;
      notRunning = running ? 0 : notRunning + 1;
      idle = running || engine.property(PENDING) > 0 ? 0 : idle + 1;
    }
  }
}
