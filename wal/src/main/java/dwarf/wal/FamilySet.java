package dwarf.wal;

import java.util.Arrays;

/** The families one batch touches: nearly always one, so a small array. Not thread-safe. */
final class FamilySet {

  private int[] families = new int[1];
  private int size;

  void add(int family) {
    for (int i = 0; i < size; i++) {
      if (families[i] == family) {
        return;
      }
    }
    if (size == families.length) {
      families = Arrays.copyOf(families, 2 * size);
    }
    families[size++] = family;
  }

  int[] toArray() {
    return Arrays.copyOf(families, size);
  }

  void clear() {
    size = 0;
  }
}
