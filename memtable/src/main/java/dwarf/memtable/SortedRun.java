package dwarf.memtable;

import dwarf.base.Keys;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;

/**
 * Some records of a log in internal order: their units and, so that most comparisons touch neither
 * log nor key, the eight key bytes behind a prefix that all keys of the memtable share. A search
 * begins among every {@link #STRIDE}th of those, which stay in a processor's cache. Immutable; on
 * the heap (12 bytes per record), because cursors share runs and the collector knows best when the
 * last one is gone.
 */
final class SortedRun implements SortedRecords {

  /** As many windows as fill eight cache lines. */
  private static final int STRIDE = 64;

  static final SortedRun EMPTY = new SortedRun(null, 0, new long[0], new int[0]);

  final RecordLog log;
  final int skip;
  final long[] windows;
  final int[] units;

  /** The window of each {@link #STRIDE}th record. */
  private final long[] samples;

  /**
   * @param skip bytes that all keys of the memtable share, up to this run's creation
   * @param windows the {@link RecordLog#window} of each record at {@code skip}
   */
  SortedRun(RecordLog log, int skip, long[] windows, int[] units) {
    this.log = log;
    this.skip = skip;
    this.windows = windows;
    this.units = units;
    this.samples = new long[(windows.length + STRIDE - 1) / STRIDE];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = windows[i * STRIDE];
    }
  }

  /** The same records with windows at another place. */
  SortedRun withSkip(int newSkip) {
    long[] moved = new long[units.length];
    for (int i = 0; i < units.length; i++) {
      moved[i] = log.window(units[i], newSkip);
    }
    return new SortedRun(log, newSkip, moved, units);
  }

  /** One run of the records of two, which have the same {@link #skip}. */
  static SortedRun merge(SortedRun a, SortedRun b) {
    int total = a.units.length + b.units.length;
    long[] windows = new long[total];
    int[] units = new int[total];
    int atA = 0;
    int atB = 0;
    for (int to = 0; to < total; to++) {
      boolean takeA = atB == b.units.length || (atA < a.units.length && a.compare(atA, b, atB) < 0);
      windows[to] = takeA ? a.windows[atA] : b.windows[atB];
      units[to] = takeA ? a.units[atA++] : b.units[atB++];
    }
    return new SortedRun(a.log, a.skip, windows, units);
  }

  /** Internal order of this run's record {@code i} and another run's record {@code j}. */
  int compare(int i, SortedRun other, int j) {
    int order = Long.compareUnsigned(windows[i], other.windows[j]);
    return order != 0 ? order : log.compare(units[i], other.units[j]);
  }

  /** Whether record {@code i} is a version of the same user key as another run's {@code j}. */
  boolean sameKey(int i, SortedRun other, int j) {
    return windows[i] == other.windows[j] && log.sameKey(units[i], other.units[j]);
  }

  /** The index of the first record at or after (key, sequence) in internal order. */
  int bound(MemorySegment key, long sequence) {
    if (units.length == 0) {
      return 0;
    }
    MemorySegment shared = log.key(units[0]).asSlice(0, skip);
    long at = shared.mismatch(key);
    if (at >= 0 && at < skip) {
      boolean keyIsSmaller = Keys.compare(key, shared) < 0;
      return keyIsSmaller ? 0 : units.length;
    }
    long window = KeyBytes.prefix(key.asSlice(skip));
    int sample = firstSampleFrom(window);
    int low = sample == 0 ? 0 : (sample - 1) * STRIDE;
    boolean isBetween = sample < samples.length && samples[sample] != window;
    int high = isBetween ? sample * STRIDE : units.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(windows[middle], window);
      if (order == 0) {
        order = log.compare(units[middle], key, sequence);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The first sample that is not below that window. */
  private int firstSampleFrom(long window) {
    int low = 0;
    int high = samples.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(samples[middle], window) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public long touchHeads(int from, int records) {
    int end = Math.min(units.length, from + records);
    long something = 0;
    for (int i = from; i < end; i++) {
      something += log.touchHead(units[i]);
    }
    return something;
  }

  @Override
  public long touch(int from, int records) {
    return log.touch(units, from, Math.min(units.length, from + records));
  }

  @Override
  public int count() {
    return units.length;
  }

  @Override
  public MemorySegment key(int i) {
    return log.key(units[i]);
  }

  @Override
  public int keyLength(int i) {
    return log.keyLength(units[i]);
  }

  @Override
  public boolean sameKey(int i) {
    return i > 0 && sameKey(i, this, i - 1);
  }

  @Override
  public long sequence(int i) {
    return log.sequence(units[i]);
  }

  @Override
  public RecordType type(int i) {
    return log.type(units[i]);
  }

  @Override
  public MemorySegment value(int i) {
    return log.value(units[i]);
  }

  @Override
  public int valueLength(int i) {
    return log.valueLength(units[i]);
  }

  @Override
  public void copyKeyValue(int i, MemorySegment target, long to) {
    log.copyKeyValue(units[i], target, to);
  }
}
