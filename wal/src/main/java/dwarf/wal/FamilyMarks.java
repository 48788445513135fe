package dwarf.wal;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The highest sequence per column family, in two small arrays: it is raised for every commit, and a
 * commit touches one or two families. Not thread-safe.
 */
final class FamilyMarks {

  private int[] families = new int[4];
  private long[] sequences = new long[4];
  private int size;

  void raise(int family, long sequence) {
    for (int i = 0; i < size; i++) {
      if (families[i] == family) {
        sequences[i] = Math.max(sequences[i], sequence);
        return;
      }
    }
    if (size == families.length) {
      families = Arrays.copyOf(families, 2 * size);
      sequences = Arrays.copyOf(sequences, 2 * size);
    }
    families[size] = family;
    sequences[size++] = sequence;
  }

  void raise(WalBatch batch) {
    for (int i = 0; i < batch.familyCount(); i++) {
      raise(batch.family(i), batch.lastSequence());
    }
  }

  SortedMap<Integer, Long> toMap() {
    SortedMap<Integer, Long> map = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      map.put(families[i], sequences[i]);
    }
    return map;
  }
}
