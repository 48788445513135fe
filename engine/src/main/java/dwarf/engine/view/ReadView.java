package dwarf.engine.view;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.base.ReadGate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything a read can see, as one immutable object: of every family the memtables and the SST
 * snapshot that goes with them (RocksDB calls it SuperVersion). Because both are swapped together
 * no read can meet a memtable and its flushed files twice, or neither.
 *
 * <p>Short reads use a view inside the {@link ReadGate}; iterators and snapshots pin it. The view
 * holds its sources and its SST snapshot until the last pin is gone.
 */
public final class ReadView {

  private final Map<Integer, FamilyView> families;
  private final AtomicInteger pins = new AtomicInteger(1);

  ReadView(Map<Integer, FamilyView> families) {
    this.families = Map.copyOf(families);
    for (FamilyView family : families.values()) {
      family.tier().retain();
      family.newestFirst().forEach(MemtableSource::retain);
    }
  }

  public Map<Integer, FamilyView> families() {
    return families;
  }

  public FamilyView family(int id) {
    FamilyView family = families.get(id);
    if (family == null) {
      throw DwarfException.invalid("column family " + id + " has been dropped");
    }
    return family;
  }

  ReadView withFamily(FamilyView family) {
    Map<Integer, FamilyView> next = new HashMap<>(families);
    next.put(family.family(), family);
    return new ReadView(next);
  }

  ReadView withoutFamily(int id) {
    Map<Integer, FamilyView> next = new HashMap<>(families);
    next.remove(id);
    return new ReadView(next);
  }

  /**
   * After an install into one family: the newer tier for all, since it holds the same of others.
   */
  ReadView installed(int family, long through, TierRef newer) {
    Map<Integer, FamilyView> next = new HashMap<>();
    families.forEach((id, view) -> next.put(id, view.withTier(newer)));
    next.computeIfPresent(family, (id, view) -> view.flushed(through, Limits.MAX_SEQUENCE, newer));
    return new ReadView(next);
  }

  /** Pins the view; only valid while the caller knows that it is pinned or inside the gate. */
  void pin() {
    pins.incrementAndGet();
  }

  /** Lets one pin go; the last one gives up the sources and the SST snapshot. */
  void unpin() {
    if (pins.decrementAndGet() == 0) {
      for (FamilyView family : families.values()) {
        family.newestFirst().forEach(MemtableSource::release);
        family.tier().release();
      }
    }
  }
}
