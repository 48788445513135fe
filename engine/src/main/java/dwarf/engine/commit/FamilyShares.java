package dwarf.engine.commit;

import java.util.Arrays;

/**
 * What a commit group takes of each family's memtable. Small arrays that the leader uses again for
 * every group, since nearly all groups touch one family.
 */
final class FamilyShares implements CommitBatch.FootprintVisitor {

  private int[] families = new int[4];
  private int[] records = new int[4];
  private long[] bytes = new long[4];
  private int size;

  void clear() {
    size = 0;
  }

  @Override
  public void visit(int family, int moreRecords, long moreBytes) {
    int at = 0;
    while (at < size && families[at] != family) {
      at++;
    }
    if (at == size) {
      append(family);
    }
    records[at] += moreRecords;
    bytes[at] += moreBytes;
  }

  int size() {
    return size;
  }

  int family(int index) {
    return families[index];
  }

  int records(int index) {
    return records[index];
  }

  long bytes(int index) {
    return bytes[index];
  }

  private void append(int family) {
    if (size == families.length) {
      families = Arrays.copyOf(families, 2 * size);
      records = Arrays.copyOf(records, 2 * size);
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    families[size] = family;
    records[size] = 0;
    bytes[size++] = 0;
  }
}
