package dwarf.engine.view;

import dwarf.engine.stats.Statistics;
import dwarf.memtable.MemTable;
import dwarf.memtable.SlabPool;
import dwarf.storage.RocksOptions;
import dwarf.storage.SstStore;
import dwarf.storage.StoreOptions;
import java.nio.file.Path;

/** The views of a database with one family of empty memtables, without any background work. */
public final class ViewFixture implements AutoCloseable {

  public static final int FAMILY = 0;
  private static final int BUFFER = 64 << 10;

  private final SstStore store;
  private final SlabPool pool = new SlabPool(16 * BUFFER, BUFFER / 4);
  private final Views views;
  private long lastSequence;

  public ViewFixture(Path root) {
    store = SstStore.open(root, StoreOptions.createIfMissing(RocksOptions.defaults()));
    views = new Views(store.snapshot(), () -> lastSequence);
    views.addFamily(FAMILY, newLog());
  }

  public Views views() {
    return views;
  }

  private LogSource newLog() {
    MemtableId id = new MemtableId(FAMILY, lastSequence + 1, lastSequence + 1);
    MemTable table = new MemTable(pool, BUFFER, id.firstSequence());
    return new LogSource(id, table, new Statistics(), () -> {});
  }

  /** Freezes the active memtable, which then covers ten sequence numbers. */
  public LogSource freeze() {
    LogSource frozen = views.current().family(FAMILY).active();
    lastSequence += 10;
    frozen.freeze(lastSequence);
    views.rotate(FAMILY, newLog());
    return frozen;
  }

  /** The records of the memtable, and of all before it, are in the SST tier now. */
  public void install(MemtableSource flushed) {
    views.install(FAMILY, flushed.lastSequence(), store.snapshot());
  }

  @Override
  public void close() {
    views.close();
    store.close();
    pool.close();
  }
}
