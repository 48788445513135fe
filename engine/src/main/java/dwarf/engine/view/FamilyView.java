package dwarf.engine.view;

import java.util.ArrayList;
import java.util.List;

/**
 * The memtables of one family, newest first. V1. The first is the active one, always a {@link
 * LogSource}; all others are frozen. V2. Sequence ranges descend without overlap.
 */
public record FamilyView(int family, List<MemtableSource> newestFirst) {

  public FamilyView {
    newestFirst = List.copyOf(newestFirst);
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
    return new FamilyView(family, sources);
  }

  FamilyView without(List<? extends MemtableSource> gone) {
    return new FamilyView(
        family, newestFirst.stream().filter(source -> !gone.contains(source)).toList());
  }

  FamilyView replacing(MemtableSource old, MemtableSource with) {
    return new FamilyView(
        family, newestFirst.stream().map(source -> source == old ? with : source).toList());
  }
}
