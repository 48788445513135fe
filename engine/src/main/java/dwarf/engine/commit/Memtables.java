package dwarf.engine.commit;

import dwarf.base.DwarfException;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.FamilyView;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableId;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.Views;
import dwarf.memtable.MemTable;
import dwarf.memtable.SlabPool;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The active memtable of each family and the act of rotating it. All methods that change it are
 * called by the commit leader alone (or before the first write, by recovery).
 */
public final class Memtables {

  private final Memory memory;
  private final Views views;
  private final Statistics statistics;
  private final Progress progress;
  private final Map<Integer, LogSource> active = new ConcurrentHashMap<>();
  private final AtomicLong nextNumber;
  private long rotations;

  /**
   * @param firstNumber above every memtable number that earlier epochs may have used
   */
  public Memtables(
      Memory memory, Views views, Statistics statistics, Progress progress, long firstNumber) {
    this.memory = memory;
    this.views = views;
    this.statistics = statistics;
    this.progress = progress;
    this.nextNumber = new AtomicLong(firstNumber);
  }

  /** The pool all memtables share, and the size at which one is full. */
  public record Memory(SlabPool pool, long writeBufferSize) {}

  /** How often a memtable has been rotated; for the leader. */
  long rotations() {
    return rotations;
  }

  public LogSource active(int family) {
    LogSource source = active.get(family);
    if (source == null) {
      throw DwarfException.invalid("column family " + family + " does not exist or was dropped");
    }
    return source;
  }

  public boolean hasFamily(int family) {
    return active.containsKey(family);
  }

  public void addFamily(int family, long firstSequence) {
    LogSource fresh = create(family, firstSequence);
    active.put(family, fresh);
    views.addFamily(family, fresh);
  }

  public void dropFamily(int family) {
    active.remove(family);
    views.dropFamily(family);
    progress.signal();
  }

  /** Freezes the active memtable, if it holds anything, and puts an empty one in its place. */
  public boolean rotate(int family, long lastSequence) {
    LogSource full = active(family);
    if (full.table().entryCount() == 0) {
      return false;
    }
    rotations++;
    full.freeze(lastSequence);
    LogSource fresh = create(family, lastSequence + 1);
    active.put(family, fresh);
    views.rotate(family, fresh);
    statistics.increment(Counter.MEMTABLES_SEALED);
    progress.signal();
    return true;
  }

  /** The family, other than the given one, whose active memtable holds most memory; or -1. */
  int largestOther(int family) {
    int largest = -1;
    long most = 0;
    for (Map.Entry<Integer, LogSource> entry : active.entrySet()) {
      MemTable table = entry.getValue().table();
      if (entry.getKey() != family && table.entryCount() > 0 && table.bytesUsed() > most) {
        most = table.bytesUsed();
        largest = entry.getKey();
      }
    }
    return largest;
  }

  /** Frozen memtables that still hold local memory. */
  public int localFrozen() {
    int frozen = 0;
    for (FamilyView family : views.current().families().values()) {
      for (MemtableSource source : family.newestFirst()) {
        frozen += source instanceof LogSource log && log.isFrozen() ? 1 : 0;
      }
    }
    return frozen;
  }

  private LogSource create(int family, long firstSequence) {
    MemtableId id = new MemtableId(family, nextNumber.getAndIncrement(), firstSequence);
    MemTable table = new MemTable(memory.pool(), memory.writeBufferSize(), id.firstSequence());
    return new LogSource(id, table, statistics, progress::signal);
  }
}
