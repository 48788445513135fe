package dwarf.wal;

import java.util.Map;

/** A segment that takes no more frames, with the last sequence of each family in it. */
record LiveSegment(WalSegment segment, Map<Integer, Long> lastByFamily) {

  /** Whether no family needs it: each has flushed what is in here, or has been dropped. */
  boolean isCovered(Map<Integer, Long> flushedThrough) {
    return lastByFamily.entrySet().stream()
        .allMatch(
            entry ->
                flushedThrough.getOrDefault(entry.getKey(), Long.MAX_VALUE) >= entry.getValue());
  }
}
