package dwarf.engine.view;

import dwarf.base.Limits;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.memtable.MemTable;

/** A memtable whose record log is in local memory: active, or frozen and not yet shipped. */
public final class LogSource extends MemtableSource {

  private final MemTable table;
  private final Statistics statistics;
  private final Runnable afterRelease;

  /** Written by the commit leader before the freeze is published by a new view. */
  private volatile long lastSequence = Limits.MAX_SEQUENCE;

  private volatile boolean unlogged;

  /**
   * @param afterRelease told when the memory has gone back to the pool; must not block
   */
  public LogSource(MemtableId id, MemTable table, Statistics statistics, Runnable afterRelease) {
    super(id);
    this.afterRelease = afterRelease;
    this.table = table;
    this.statistics = statistics;
  }

  public MemTable table() {
    return table;
  }

  /** Called by the commit leader when no write is in flight: nothing is added after this. */
  public void freeze(long last) {
    lastSequence = last;
  }

  public boolean isFrozen() {
    return lastSequence != Limits.MAX_SEQUENCE;
  }

  public void markUnlogged() {
    unlogged = true;
  }

  @Override
  public long lastSequence() {
    return lastSequence;
  }

  @Override
  public long dataBytes() {
    return table.logBytes();
  }

  @Override
  public boolean hasUnloggedRecords() {
    return unlogged;
  }

  /** The database is done with this memtable; whoever still reads it must not make writers wait. */
  @Override
  synchronized void outlived() {
    if (isRetained()) {
      table.letGo();
      afterRelease.run();
    }
  }

  @Override
  synchronized void releaseMemory() {
    long held = table.bytesUsed();
    table.release();
    statistics.add(Counter.LOCAL_BYTES_FREED, held);
    afterRelease.run();
  }
}
