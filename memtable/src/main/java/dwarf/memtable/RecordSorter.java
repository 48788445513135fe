package dwarf.memtable;

import java.util.Arrays;

/**
 * Sorts records into internal order: a radix sort by bytes, most significant first, over the eight
 * key bytes behind the prefix which all of them share; small buckets by insertion; buckets whose
 * eight bytes are all equal again behind <em>their</em> shared prefix, to a bounded depth, and by a
 * merge sort that recognises order where that does not help (versions of one key).
 *
 * <p>Every step is stable and records arrive newest first, so versions of a key are in order before
 * any comparison. Extra memory: 12 bytes per record, freed with the sorter. One thread, one use.
 */
final class RecordSorter {

  private static final int SMALL = 24;
  private static final int MAX_REWINDOWS = 8;
  private static final int TOP_BYTE = 56;

  /** Records whose keys are loaded at once, since they lie anywhere in the log. */
  private static final int AT_ONCE = 16;

  private final RecordLog log;
  private final long[] windows;
  private final int[] units;
  private final long[] otherWindows;
  private final int[] otherUnits;
  private int rewindows;

  /** Only written, so that the loads count as used. */
  @SuppressWarnings("UnusedVariable")
  private long something;

  private RecordSorter(RecordLog log, long[] windows, int[] units) {
    this.log = log;
    this.windows = windows;
    this.units = units;
    otherWindows = new long[units.length];
    otherUnits = new int[units.length];
  }

  /**
   * A run of the given records, which share their first {@code skip} key bytes; takes the array.
   */
  static SortedRun sort(RecordLog log, int skip, int[] newestFirst) {
    long[] windows = new long[newestFirst.length];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = log.window(newestFirst[i], skip);
    }
    new RecordSorter(log, windows, newestFirst).radix(0, windows.length, TOP_BYTE);
    return new SortedRun(log, skip, windows, newestFirst);
  }

  private void radix(int from, int to, int shift) {
    if (to - from <= SMALL) {
      insertion(from, to);
      return;
    }
    if (shift < 0) {
      ties(from, to);
      return;
    }
    int[] ends = new int[256];
    for (int i = from; i < to; i++) {
      ends[digit(windows[i], shift)]++;
    }
    if (ends[digit(windows[from], shift)] == to - from) {
      radix(from, to, shift - 8);
      return;
    }
    scatter(from, to, shift, ends);
    int start = from;
    for (int end : ends) {
      if (end - start > 1) {
        radix(start, end, shift - 8);
      }
      start = end;
    }
  }

  /** Distributes by one byte; {@code counts} becomes the ends of the buckets. */
  private void scatter(int from, int to, int shift, int[] counts) {
    int at = from;
    for (int d = 0; d < counts.length; d++) {
      int count = counts[d];
      counts[d] = at;
      at += count;
    }
    for (int i = from; i < to; i++) {
      int slot = counts[digit(windows[i], shift)]++;
      otherWindows[slot] = windows[i];
      otherUnits[slot] = units[i];
    }
    System.arraycopy(otherWindows, from, windows, from, to - from);
    System.arraycopy(otherUnits, from, units, from, to - from);
  }

  /** Many records with one window: looks at bytes further behind, then restores the window. */
  private void ties(int from, int to) {
    int reference = units[from];
    int length = log.keyLength(reference);
    int shared = length;
    boolean sameLength = true;
    for (int i = from + 1; i < to; i++) {
      if ((i - from) % AT_ONCE == 1) {
        something += log.touch(units, i, Math.min(to, i + AT_ONCE));
      }
      shared = log.commonPrefix(reference, units[i], shared);
      sameLength &= log.keyLength(units[i]) == length;
    }
    boolean oneKey = sameLength && shared == length;
    if (oneKey || rewindows == MAX_REWINDOWS) {
      mergeSort(from, to);
      return;
    }
    long window = windows[from];
    for (int i = from; i < to; i++) {
      windows[i] = log.window(units[i], shared);
    }
    rewindows++;
    radix(from, to, TOP_BYTE);
    rewindows--;
    Arrays.fill(windows, from, to, window);
  }

  private void insertion(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long window = windows[i];
      int unit = units[i];
      int at = i;
      while (at > from && goesAfter(at - 1, window, unit)) {
        windows[at] = windows[at - 1];
        units[at] = units[at - 1];
        at--;
      }
      windows[at] = window;
      units[at] = unit;
    }
  }

  private boolean goesAfter(int i, long window, int unit) {
    int order = Long.compareUnsigned(windows[i], window);
    return order > 0 || (order == 0 && log.compare(units[i], unit) > 0);
  }

  /** Of records with equal windows. */
  private void mergeSort(int from, int to) {
    if (to - from <= SMALL) {
      insertion(from, to);
      return;
    }
    int middle = (from + to) >>> 1;
    mergeSort(from, middle);
    mergeSort(middle, to);
    if (log.compare(units[middle - 1], units[middle]) < 0) {
      return;
    }
    System.arraycopy(units, from, otherUnits, from, middle - from);
    int left = from;
    int right = middle;
    for (int at = from; left < middle; at++) {
      boolean takeRight = right < to && log.compare(otherUnits[left], units[right]) > 0;
      units[at] = takeRight ? units[right++] : otherUnits[left++];
    }
  }

  private static int digit(long window, int shift) {
    return (int) (window >>> shift) & 0xff;
  }
}
