package dwarf.memtable;

import dwarf.base.Cursor;
import dwarf.base.Invariants;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One walk over several sources, in internal order; records equal in key and sequence number come
 * in the order of their sources, newest source first.
 *
 * <p>A binary heap holds the sources that have a record left; the keys, their first eight bytes and
 * the sequence numbers are cached, so that most comparisons are one of two longs.
 *
 * <p>G1. Walking forward, every source stands at its first record not before the current one;
 * walking backward, at its last record not after it. Turning round therefore takes one step of
 * every source and no search. G2. A source that throws leaves the merge unpositioned: only a seek
 * or close may follow (a merge without that source would be shorter than the data).
 *
 * <p>Owns its sources: {@link #close} closes them all. One thread at a time.
 */
public final class MergingCursor implements VersionedCursor {

  private static final int UNPOSITIONED = -1;

  private final Cursor[] sources;
  private final MemorySegment[] keys;
  private final long[] prefixes;
  private final long[] sequences;
  private final int[] heap;
  private int size;
  private boolean backward;

  /**
   * @param newestFirst the sources, newest first
   */
  public MergingCursor(List<Cursor> newestFirst) {
    sources = newestFirst.toArray(new Cursor[0]);
    keys = new MemorySegment[sources.length];
    prefixes = new long[sources.length];
    sequences = new long[sources.length];
    heap = new int[sources.length];
  }

  @Override
  public boolean isValid() {
    Invariants.check(size != UNPOSITIONED, "a merge whose source threw is positioned anew (G2)");
    return size > 0;
  }

  @Override
  public void seekToFirst() {
    size = UNPOSITIONED;
    for (Cursor source : sources) {
      source.seekToFirst();
    }
    order(false);
  }

  @Override
  public void seekToLast() {
    size = UNPOSITIONED;
    for (Cursor source : sources) {
      source.seekToLast();
    }
    order(true);
  }

  @Override
  public void seek(MemorySegment target) {
    size = UNPOSITIONED;
    for (Cursor source : sources) {
      source.seek(target);
    }
    order(false);
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    size = UNPOSITIONED;
    for (Cursor source : sources) {
      source.seekForPrev(target);
    }
    order(true);
  }

  @Override
  public void seekVersion(MemorySegment key, long sequence) {
    size = UNPOSITIONED;
    for (Cursor source : sources) {
      VersionedCursor.seekVersion(source, key, sequence);
    }
    order(false);
  }

  @Override
  public void next() {
    move(false);
  }

  @Override
  public void prev() {
    move(true);
  }

  @Override
  public MemorySegment key() {
    return keys[top()];
  }

  @Override
  public long sequence() {
    return sequences[top()];
  }

  @Override
  public RecordType type() {
    return sources[top()].type();
  }

  @Override
  public MemorySegment value() {
    return sources[top()].value();
  }

  @Override
  public void close() {
    RuntimeException first = null;
    for (Cursor source : sources) {
      try {
        source.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private int top() {
    Invariants.check(size > 0, "a cursor is read only while it is valid (C2)");
    return heap[0];
  }

  private void move(boolean toBackward) {
    int top = top();
    int left = size;
    size = UNPOSITIONED;
    if (backward != toBackward) {
      turnAllBut(top);
      step(sources[top], toBackward);
      order(toBackward);
      return;
    }
    step(sources[top], toBackward);
    size = left;
    if (sources[top].isValid()) {
      cache(top);
    } else {
      heap[0] = heap[--size];
    }
    siftDown(0);
  }

  private void turnAllBut(int top) {
    for (int i = 0; i < sources.length; i++) {
      Cursor source = sources[i];
      if (i == top) {
        continue;
      }
      if (source.isValid()) {
        step(source, !backward);
      } else if (backward) {
        source.seekToFirst();
      } else {
        source.seekToLast();
      }
    }
  }

  private static void step(Cursor source, boolean toBackward) {
    if (toBackward) {
      source.prev();
    } else {
      source.next();
    }
  }

  private void order(boolean toBackward) {
    backward = toBackward;
    int filled = 0;
    for (int i = 0; i < sources.length; i++) {
      if (sources[i].isValid()) {
        cache(i);
        heap[filled++] = i;
      }
    }
    size = filled;
    for (int i = filled / 2 - 1; i >= 0; i--) {
      siftDown(i);
    }
  }

  private void cache(int source) {
    MemorySegment key = sources[source].key();
    keys[source] = key;
    prefixes[source] = KeyBytes.prefix(key);
    sequences[source] = sources[source].sequence();
  }

  private void siftDown(int from) {
    int at = from;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        return;
      }
      if (child + 1 < size && goesFirst(heap[child + 1], heap[child])) {
        child++;
      }
      if (!goesFirst(heap[child], heap[at])) {
        return;
      }
      int moved = heap[at];
      heap[at] = heap[child];
      heap[child] = moved;
      at = child;
    }
  }

  private boolean goesFirst(int a, int b) {
    int order = Long.compareUnsigned(prefixes[a], prefixes[b]);
    if (order == 0) {
      order = KeyBytes.compare(keys[a], sequences[a], keys[b], sequences[b]);
    }
    if (order == 0) {
      order = Integer.compare(a, b);
    }
    return backward ? order > 0 : order < 0;
  }
}
