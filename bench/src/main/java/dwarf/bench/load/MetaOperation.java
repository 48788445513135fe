package dwarf.bench.load;

import dwarf.bench.engine.BenchEngine;
import java.util.List;
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

  private static final List<String> BUSY =
      List.of("rocksdb.compaction-pending", "rocksdb.num-running-compactions");

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
    for (int idle = 0; idle < IDLE_POLLS && !Thread.currentThread().isInterrupted(); ) {
      LockSupport.parkNanos(POLL_NANOS);
      boolean busy = BUSY.stream().anyMatch(name -> engine.property(name) > 0);
      idle = busy ? 0 : idle + 1;
    }
  }
}
