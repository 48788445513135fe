package dwarf.wal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The live segments that take no more frames, oldest first, and which of them are not durable yet.
 *
 * <p>Threading: thread-safe. Two locks, so that nobody who only looks waits for the device: one for
 * the lists, and {@link #syncLock} around syncs, taken first.
 */
final class ClosedSegments {

  private final LogFiles files;

  /** Guarded by itself. */
  private final ArrayDeque<LiveSegment> segments = new ArrayDeque<>();

  /** The length of all of them; written under the lock of the list. */
  private volatile long bytes;

  /** Files that are still open because they are not durable. Guarded by {@link #syncLock}. */
  private final ArrayDeque<SegmentWriter> unsynced = new ArrayDeque<>();

  private final Object syncLock = new Object();
  private final Object deletion = new Object();

  /** For each reader the number of its oldest segment. Guarded by {@link #deletion}. */
  private final List<Long> pins = new ArrayList<>();

  ClosedSegments(LogFiles files, List<LiveSegment> recovered) {
    this.files = files;
    segments.addAll(recovered);
    bytes = recovered.stream().mapToLong(live -> live.segment().bytes()).sum();
  }

  /** To be held by whoever makes anything durable, so that what is durable is always a prefix. */
  Object syncLock() {
    return syncLock;
  }

  /**
   * Chooses from the live segments what to read, and keeps the first of those and all after it from
   * removal until {@link #unpin}. A pin and not a lock: a reader may wait for memory that only a
   * flush gives back, and a flush removes segments.
   */
  List<WalSegment> pin(Supplier<List<WalSegment>> choice) {
    synchronized (deletion) {
      List<WalSegment> chosen = choice.get();
      if (!chosen.isEmpty()) {
        pins.add(chosen.get(0).number());
      }
      return chosen;
    }
  }

  void unpin(List<WalSegment> chosen) {
    synchronized (deletion) {
      if (!chosen.isEmpty()) {
        pins.remove(chosen.get(0).number());
      }
    }
  }

  /** Takes over a segment that is full. */
  void add(SegmentWriter full) {
    synchronized (syncLock) {
      unsynced.addLast(full);
    }
    synchronized (segments) {
      segments.addLast(full.toLive());
      bytes += full.length();
    }
  }

  /** The oldest segment that is not durable; null if all are. Under the lock. */
  SegmentWriter oldestUnsynced() {
    return unsynced.peekFirst();
  }

  /** That one is durable now. Under the lock. */
  void removeSynced() {
    unsynced.removeFirst();
  }

  void closeFiles() throws IOException {
    synchronized (syncLock) {
      for (SegmentWriter segment : unsynced) {
        segment.close();
      }
      unsynced.clear();
    }
  }

  long bytes() {
    return bytes;
  }

  List<WalSegment> list() {
    synchronized (segments) {
      List<WalSegment> list = new ArrayList<>();
      segments.forEach(live -> list.add(live.segment()));
      return list;
    }
  }

  /** Removes the covered, unpinned segments but the newest few covered; returns how many. */
  int deleteCovered(Map<Integer, Long> flushedThrough, int keepBack) throws IOException {
    synchronized (deletion) {
      List<LiveSegment> covered = covered(flushedThrough);
      int doomed = Math.max(0, covered.size() - keepBack);
      int removed = 0;
      for (LiveSegment segment : covered.subList(0, doomed)) {
        if (isPinned(segment.segment().number())) {
          break;
        }
        forgetUnsynced(segment.segment().number());
        files.disk().delete(segment.segment().path());
        synchronized (segments) {
          segments.removeFirst();
          bytes -= segment.segment().bytes();
        }
        removed++;
      }
      if (removed > 0) {
        files.disk().syncDirectory(files.directory());
      }
      return removed;
    }
  }

  private boolean isPinned(long number) {
    return pins.stream().anyMatch(oldest -> oldest <= number);
  }

  /** The longest run of segments from the oldest that nobody needs. */
  private List<LiveSegment> covered(Map<Integer, Long> flushedThrough) {
    synchronized (segments) {
      return segments.stream().takeWhile(segment -> segment.isCovered(flushedThrough)).toList();
    }
  }

  private void forgetUnsynced(long number) throws IOException {
    synchronized (syncLock) {
      SegmentWriter oldest = unsynced.peekFirst();
      if (oldest != null && oldest.number() == number) {
        unsynced.removeFirst();
        oldest.close();
      }
    }
  }
}
