package dwarf.jobs;

import dwarf.base.Cursor;
import dwarf.base.Keys;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;

/**
 * A forward merge that shows each user key once, with its newest record of the sequences asked for:
 * a binary heap of sources ordered by (key, position in the list), so that of equal keys the newest
 * source is on top. Each source shows the versions of one key newest first, hence its first one is
 * the one to take.
 */
final class NewestWins {

  private final Cursor[] sources;
  private final MemorySegment end;
  private final SequenceRange sequences;

  /** Current key of each source; valid until that source moves. */
  private final MemorySegment[] keys;

  /** Numbers of the sources that have records left, in heap order. */
  private final int[] heap;

  private final KeyBuffer current = new KeyBuffer();
  private int heapSize;
  private long bytesRead;

  NewestWins(FlushInput input) {
    this.sources = input.newestFirst().toArray(new Cursor[0]);
    this.end = input.end();
    this.sequences = input.sequences();
    this.keys = new MemorySegment[sources.length];
    this.heap = new int[sources.length];
    for (int source = 0; source < sources.length; source++) {
      if (input.start() == null) {
        sources[source].seekToFirst();
      } else {
        sources[source].seek(input.start());
      }
      if (load(source)) {
        heap[heapSize++] = source;
      }
    }
    for (int at = heapSize / 2 - 1; at >= 0; at--) {
      siftDown(at);
    }
  }

  boolean isValid() {
    return heapSize > 0;
  }

  MemorySegment key() {
    return keys[heap[0]];
  }

  RecordType type() {
    return sources[heap[0]].type();
  }

  MemorySegment value() {
    return sources[heap[0]].value();
  }

  /** Steps over every record of the current key, in all sources. */
  void next() {
    MemorySegment done = current.copy(key());
    while (heapSize > 0 && Keys.compare(keys[heap[0]], done) == 0) {
      int source = heap[0];
      sources[source].next();
      if (!load(source)) {
        heap[0] = heap[--heapSize];
      }
      siftDown(0);
    }
  }

  long bytesRead() {
    return bytesRead;
  }

  private boolean load(int source) {
    Cursor cursor = sources[source];
    while (cursor.isValid() && !sequences.holds(cursor.sequence())) {
      cursor.next();
    }
    if (!cursor.isValid()) {
      return false;
    }
    keys[source] = cursor.key();
    if (end != null && Keys.compare(keys[source], end) >= 0) {
      return false;
    }
    bytesRead += keys[source].byteSize() + cursor.value().byteSize();
    return true;
  }

  private void siftDown(int from) {
    int at = from;
    while (2 * at + 1 < heapSize) {
      int child = 2 * at + 1;
      if (child + 1 < heapSize && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], heap[at])) {
        return;
      }
      int moved = heap[at];
      heap[at] = heap[child];
      heap[child] = moved;
      at = child;
    }
  }

  private boolean before(int left, int right) {
    int order = Keys.compare(keys[left], keys[right]);
    return order < 0 || (order == 0 && left < right);
  }
}
