package dwarf.engine.view;

import dwarf.storage.FamilyReader;
import java.util.ArrayList;
import java.util.List;

/**
 * One family: its memtables, newest first, and the snapshot of the SST tier that goes with them.
 * V1. In the current view the first memtable is the active one, always a {@link LogSource}; all
 * others are frozen. V2. Sequence ranges descend without overlap. V3. The tier holds everything
 * that the memtables do not, for every sequence the view is read with; what is in both is the same.
 *
 * @param rows what the tier has of this family
 */
public record FamilyView(
    int family, List<MemtableSource> newestFirst, TierRef tier, FamilyReader rows) {

  public FamilyView {
    newestFirst = List.copyOf(newestFirst);
  }

  FamilyView(int family, List<MemtableSource> newestFirst, TierRef tier) {
    this(family, newestFirst, tier, tier.snapshot().reader(family));
  }

  public LogSource active() {
    return (LogSource) newestFirst.getFirst();
  }

  /** The frozen memtables, oldest first, as flush and offload want them. */
  public List<MemtableSource> frozenOldestFirst() {
    return newestFirst.subList(1, newestFirst.size()).reversed();
  }

  FamilyView withActive(LogSource active) {
    List<MemtableSource> sources = new ArrayList<>(newestFirst.size() + 1);
    sources.add(active);
    sources.addAll(newestFirst);
    return new FamilyView(family, sources, tier, rows);
  }

  FamilyView withTier(TierRef newer) {
    return new FamilyView(family, newestFirst, newer);
  }

  /**
   * For reads at the sequence, after an install that flushed exactly what is not newer than {@code
   * through}: without the memtables that hold nothing else such reads see.
   */
  FamilyView flushed(long through, long sequence, TierRef newer) {
    List<MemtableSource> left =
        newestFirst.stream()
            .filter(source -> Math.min(source.lastSequence(), sequence) > through)
            .toList();
    return new FamilyView(family, left, newer);
  }

  /** Without the memtables that hold nothing a read at the sequence sees. */
  FamilyView seenAt(long sequence) {
    List<MemtableSource> seen =
        newestFirst.stream().filter(source -> source.id().firstSequence() <= sequence).toList();
    return new FamilyView(family, seen, tier, rows);
  }

  FamilyView replacing(MemtableSource old, MemtableSource with) {
    return new FamilyView(
        family,
        newestFirst.stream().map(source -> source == old ? with : source).toList(),
        tier,
        rows);
  }
}
