package dwarf.memtable;

import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import dwarf.base.Limits;
import java.util.Arrays;

/**
 * Which records of a frozen memtable go into its images, and how many bytes each takes there.
 *
 * <p>One pass over the records fills one int per record, and everything that is decided before
 * bytes move (what is kept, where shards and blocks are cut) is decided on that array: the records
 * themselves lie in the log in the order they were written, and each look at one is a cache miss.
 *
 * <p>K1. Of each key the newest version is kept, and for each live snapshot the newest version at
 * or below it. K2. The first kept record of a key is its newest.
 */
final class KeptRecords {

  private static final int STARTS_KEY = Integer.MIN_VALUE;

  /** Per record 0 if dropped, else its length in a block, with the top bit set if a key starts. */
  private final int[] cells;

  private final long totalBytes;

  private KeptRecords(int[] cells, long totalBytes) {
    this.cells = cells;
    this.totalBytes = totalBytes;
  }

  /**
   * @param snapshots live snapshots, ascending
   * @param identity whose first sequence number the stored ones are relative to
   */
  static KeptRecords of(SortedRecords records, long[] snapshots, ImageIdentity identity) {
    int[] cells = new int[records.count()];
    long total = 0;
    long newer = 0;
    LoadAhead ahead = LoadAhead.ofHeads(records);
    for (int i = 0; i < cells.length; i++) {
      ahead.reach(i);
      boolean startsKey = i == 0 || !records.sameKey(i);
      long sequence = records.sequence(i);
      Invariants.check(
          identity.firstSequence() <= sequence && sequence <= identity.lastSequence(),
          "a memtable holds only sequences of its range");
      if (startsKey || isSeenBySnapshot(snapshots, sequence, newer)) {
        int bytes = recordBytes(records, i, sequence - identity.firstSequence());
        cells[i] = startsKey ? bytes | STARTS_KEY : bytes;
        total += bytes;
      }
      newer = sequence;
    }
    return new KeptRecords(cells, total);
  }

  /** Whether some snapshot sees a version but not the next newer one. */
  private static boolean isSeenBySnapshot(long[] snapshots, long sequence, long newer) {
    if (snapshots.length == 0) {
      return false;
    }
    int found = Arrays.binarySearch(snapshots, sequence);
    int firstAtOrAbove = found >= 0 ? found : -found - 1;
    return firstAtOrAbove < snapshots.length && snapshots[firstAtOrAbove] < newer;
  }

  private static int recordBytes(SortedRecords records, int i, long relativeSequence) {
    if (!records.type(i).isSupported()) {
      throw DwarfException.notSupported(
          "a memtable with a record of type " + records.type(i) + " cannot be sealed yet");
    }
    int keyLength = records.keyLength(i);
    int valueLength = records.valueLength(i);
    Limits.checkKeyValue(keyLength, valueLength);
    return ImageFormat.varintBytes(keyLength)
        + ImageFormat.varintBytes(valueLength)
        + ImageFormat.varintBytes(relativeSequence << ImageFormat.TAG_TYPE_BITS)
        + keyLength
        + valueLength;
  }

  /** Records looked at, kept or not; the others take an index below this. */
  int count() {
    return cells.length;
  }

  /** Bytes of all kept records. */
  long totalBytes() {
    return totalBytes;
  }

  boolean isKept(int i) {
    return cells[i] != 0;
  }

  boolean startsKey(int i) {
    return cells[i] < 0;
  }

  /** Length of record {@code i} in a block; 0 if it is dropped. */
  int bytes(int i) {
    return cells[i] & ~STARTS_KEY;
  }

  /** The first kept record at or after {@code i} and before {@code to}; {@code to} if none. */
  int firstKept(int i, int to) {
    int at = i;
    while (at < to && cells[at] == 0) {
      at++;
    }
    return at;
  }
}
