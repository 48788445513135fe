package dwarf.memtable;

/**
 * Keeps a walk over sorted records from waiting for each of them: they lie in the log in the order
 * they were written, so each is a cache miss, and what is done with one is too long for the
 * processor to see the next. So whole records, or their heads, are loaded some at a time right
 * before the walk comes to the first of them. More at a time than the processor has misses under
 * way would gain nothing, and could drive out what is still to be used.
 *
 * <p>One walk, one thread.
 */
final class LoadAhead {

  private static final int AT_ONCE = 16;

  private final SortedRecords records;
  private final boolean headsOnly;
  private int loaded;

  /** Only written, so that the loads count as used. */
  @SuppressWarnings("UnusedVariable")
  private long something;

  private LoadAhead(SortedRecords records, int from, boolean headsOnly) {
    this.records = records;
    this.headsOnly = headsOnly;
    loaded = from;
  }

  static LoadAhead ofRecords(SortedRecords records, int from) {
    return new LoadAhead(records, from, false);
  }

  static LoadAhead ofHeads(SortedRecords records) {
    return new LoadAhead(records, 0, true);
  }

  /** The walk, which goes upward, is about to read record {@code i}. */
  void reach(int i) {
    if (i >= loaded) {
      load(i);
    }
  }

  private void load(int i) {
    something += headsOnly ? records.touchHeads(i, AT_ONCE) : records.touch(i, AT_ONCE);
    loaded = i + AT_ONCE;
  }
}
