package dwarf.wal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

  /** Files that are still open because they are not durable. Guarded by {@link #syncLock}. */
  private final ArrayDeque<SegmentWriter> unsynced = new ArrayDeque<>();

  private final Object syncLock = new Object();
  private final Object deletion = new Object();

  ClosedSegments(LogFiles files, List<LiveSegment> recovered) {
    this.files = files;
    segments.addAll(recovered);
  }

  /** To be held by whoever makes anything durable, so that what is durable is always a prefix. */
  Object syncLock() {
    return syncLock;
  }

  /** Held while segments are removed: whoever holds it may read them. */
  Object deletionLock() {
    return deletion;
  }

  /** Takes over a segment that is full. */
  void add(SegmentWriter full) {
    synchronized (syncLock) {
      unsynced.addLast(full);
    }
    synchronized (segments) {
      segments.addLast(full.toLive());
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

  List<WalSegment> list() {
    synchronized (segments) {
      List<WalSegment> list = new ArrayList<>();
      segments.forEach(live -> list.add(live.segment()));
      return list;
    }
  }

  /** Removes all covered segments but the newest few of them; returns how many. */
  int deleteCovered(Map<Integer, Long> flushedThrough, int keepBack) throws IOException {
    synchronized (deletion) {
      List<LiveSegment> covered = covered(flushedThrough);
      int doomed = Math.max(0, covered.size() - keepBack);
      for (LiveSegment segment : covered.subList(0, doomed)) {
        forgetUnsynced(segment.segment().number());
        files.disk().delete(segment.segment().path());
        synchronized (segments) {
          segments.removeFirst();
        }
      }
      if (doomed > 0) {
        files.disk().syncDirectory(files.directory());
      }
      return doomed;
    }
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
