package dwarf.wal;

import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import dwarf.wal.io.DiskError;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The end of the log: appends commit groups, makes them durable, begins new segments and removes
 * the ones nobody needs. Comes from {@link WalRecovery}, for a new database too.
 *
 * <ul>
 *   <li>W1: sequences only ascend; each frame names the one before it, so a missing frame shows.
 *   <li>W2: {@link #durableThrough} moves only after a successful sync of every byte it covers, and
 *       every later frame carries it: recovery knows what cannot be missing innocently.
 *   <li>W3: a full disk refuses one append (NO_SPACE) and changes nothing: the torn tail is cut and
 *       the next append may succeed.
 *   <li>W4: any other failure of a write, and every failure of a sync, ends this writer for ever.
 *       What the failed call did is unknown, and the operating system reports lost pages once only:
 *       a second sync that succeeds proves nothing. Reopening the database decides.
 *   <li>W5: segments go oldest first, and only when every family in them has flushed past them.
 * </ul>
 *
 * <p>W6: what {@link #appendBuffered} took is in this process alone until the next {@link #append},
 * {@link #flush}, {@link #sync} or {@link #rotate}, or until there is enough of it for a write; a
 * crash of the process loses it, always a tail. A full disk leaves it in the buffer.
 *
 * <p>Threading: {@link #append}, {@link #reserve}, {@link #flush}, {@link #sync} and {@link
 * #rotate} by one thread at a time (the commit leader, or under a lock with it); everything else by
 * any thread at any time. Interrupts have no effect.
 *
 * <p>Rejected: syncing the old segment inside {@link #rotate}. It would stop all writers for as
 * long as the device needs for a memtable's worth of log. A closed segment is synced by the next
 * sync, by {@link #syncClosed} from a background thread, or at the latest by the next rotation.
 */
public final class WalWriter implements AutoCloseable {

  /** What recovery hands over: the live segments before the current one, and what is known. */
  record Start(
      LogIdentity identity,
      LogFiles files,
      List<LiveSegment> segments,
      SortedMap<Integer, Long> loggedThrough,
      long durableThrough) {}

  private final LogIdentity identity;
  private final LogFiles files;
  private final StagingBuffer staging;

  /** The last sequence of each family in all closed segments, deleted ones included. Leader. */
  private final FamilyMarks logged = new FamilyMarks();

  private final ClosedSegments closed;

  /** Replaced by the leader only, under the lock of {@link #closed}. */
  private volatile SegmentWriter current;

  /** Written under {@link ClosedSegments#syncLock}. */
  private volatile long durableThrough;

  /** The leader's; volatile so that others may look. */
  private volatile long lastSequence;

  /** The length of {@link #current}, for others to look at. */
  private volatile long currentBytes;

  /** How much of that has been handed to the operating system. */
  private volatile long writtenBytes;

  /** Set once, by the first failure after which nothing is known. */
  private volatile DwarfException failure;

  private volatile boolean isClosed;

  WalWriter(Start start, SegmentWriter first, StagingBuffer staging) {
    this.identity = start.identity();
    this.files = start.files();
    this.staging = staging;
    this.closed = new ClosedSegments(files, start.segments());
    start.loggedThrough().forEach(logged::raise);
    this.durableThrough = start.durableThrough();
    this.current = first;
    this.lastSequence = first.lastSequence();
    this.currentBytes = first.length();
    this.writtenBytes = first.length();
  }

  /**
   * Appends a commit group; not durable before {@link #sync}. NO_SPACE: nothing happened, try again
   * when there is room. Any other exception of a kind but INVALID_ARGUMENT: outcome unknown, the
   * writer has ended (W4).
   */
  public WalPosition append(WalFrame frame) {
    return append(frame, false);
  }

  /** As {@link #append}, but the group may stay in this process for now (W6). */
  public WalPosition appendBuffered(WalFrame frame) {
    return append(frame, true);
  }

  private WalPosition append(WalFrame frame, boolean buffered) {
    checkUsable();
    checkAscending(frame);
    SegmentWriter segment = current;
    WalPosition position;
    try {
      position = segment.append(frame, lastSequence, durableThrough, buffered);
    } catch (IOException e) {
      throw appendFailed(segment, e);
    }
    lastSequence = frame.lastSequence();
    currentBytes = segment.length();
    writtenBytes = segment.writtenLength();
    return position;
  }

  /**
   * Sets space on the storage aside for frames, when there is less than {@code least} of it;
   * returns how much there is. Appends within it do not end with NO_SPACE.
   */
  public long reserve(long least, long wanted) {
    checkUsable();
    return current.reserve(least, wanted);
  }

  /** Whether short groups get to the operating system without a call at present; the leader's. */
  public boolean isInMemory() {
    return current.isInMemory();
  }

  /** Hands what is buffered to the operating system, where it survives this process. */
  public void flush() {
    checkUsable();
    SegmentWriter segment = current;
    try {
      segment.flush();
    } catch (IOException e) {
      throw appendFailed(segment, e);
    }
    writtenBytes = segment.writtenLength();
  }

  /** Makes everything appended so far durable. A failure ends the writer (W4). */
  public void sync() {
    checkUsable();
    if (durableThrough == lastSequence) {
      return;
    }
    flush();
    current.expectMoreSyncs();
    syncCurrent();
  }

  private void syncCurrent() {
    synchronized (closed.syncLock()) {
      syncClosed();
      try {
        current.sync();
      } catch (IOException e) {
        throw fail("sync of log segment " + files.segment(current.number()), e);
      }
      durableThrough = lastSequence;
    }
  }

  /**
   * Makes every frame up to that sequence durable, beside appends. By any thread, when these frames
   * have been handed to the operating system.
   */
  public void syncWritten(long through) {
    checkUsable();
    synchronized (closed.syncLock()) {
      syncClosed();
      // Segments end under this lock, too: this is the one behind those just synced.
      SegmentWriter segment = current;
      if (durableThrough >= through) {
        return;
      }
      try {
        segment.sync();
      } catch (IOException e) {
        throw fail("sync of log segment " + files.segment(segment.number()), e);
      }
      durableThrough = Math.max(durableThrough, through);
    }
  }

  /** Makes the closed segments durable, if they are not yet. By any thread, beside appends. */
  public void syncClosed() {
    checkUsable();
    synchronized (closed.syncLock()) {
      for (SegmentWriter next = closed.oldestUnsynced();
          next != null;
          next = closed.oldestUnsynced()) {
        try {
          next.sync();
          next.close();
        } catch (IOException e) {
          throw fail("sync of log segment " + files.segment(next.number()), e);
        }
        closed.removeSynced();
        durableThrough = Math.max(durableThrough, next.lastSequence());
      }
    }
  }

  /**
   * Begins a new segment, if the current one holds anything. NO_SPACE: the log goes on in the
   * current segment.
   *
   * @param flushedThrough the flush marker of every live column family; kept in the new header
   */
  public void rotate(Map<Integer, Long> flushedThrough) {
    checkUsable();
    SegmentWriter old = current;
    if (old.isEmpty()) {
      return;
    }
    end(old);
    syncClosed();
    old.lastByFamily().forEach(logged::raise);
    SegmentWriter next = begin(headerAfter(old, flushedThrough));
    synchronized (closed.syncLock()) {
      synchronized (closed) {
        closed.add(old);
        current = next;
        currentBytes = next.length();
        writtenBytes = next.length();
      }
    }
  }

  /**
   * Removes segments nobody needs, oldest first, and returns how many: those whose records are all
   * flushed, or of families that no longer exist.
   *
   * @param flushedThrough the durable flush marker of every live column family; a family left out
   *     counts as dropped
   * @param keepBack how many of the removable segments to keep all the same, the newest of them
   */
  public int deleteCovered(Map<Integer, Long> flushedThrough, int keepBack) {
    checkUsable();
    try {
      return closed.deleteCovered(flushedThrough, keepBack);
    } catch (IOException e) {
      throw LogFiles.failed("removing flushed log segments", e);
    }
  }

  /**
   * Hands over, in order, every batch that has a sequence between the two and is still in the log.
   * By any thread, beside appends; without what is buffered, which is to be flushed before. The
   * segments it reads are not removed meanwhile; the consumer may wait as long as it likes, even
   * for others who remove segments.
   */
  public void readBack(long first, long last, BatchConsumer consumer) {
    checkUsable();
    WalReadBack readBack = new WalReadBack(files, identity.database(), first, last);
    List<WalSegment> pinned = closed.pin(() -> readBack.choose(segments()));
    try {
      readBack.run(pinned, consumer);
    } finally {
      closed.unpin(pinned);
    }
  }

  /** The live segments, oldest first; the last one is being written, and has what was written. */
  public List<WalSegment> segments() {
    synchronized (closed) {
      List<WalSegment> all = closed.list();
      long number = current.number();
      all.add(
          new WalSegment(
              number, files.segment(number), writtenBytes, current.firstSequence(), lastSequence));
      return all;
    }
  }

  /** The length of all live segments together; off by one segment's while one is begun. */
  public long bytes() {
    return closed.bytes() + currentBytes;
  }

  /** The length of the segment that is being written. */
  public long currentBytes() {
    return currentBytes;
  }

  /** The last sequence in the log. */
  public long lastSequence() {
    return lastSequence;
  }

  /** Every frame up to this sequence survives a loss of power. */
  public long durableThrough() {
    return durableThrough;
  }

  /** Whether {@link #append} may work: not closed, and no failure with unknown outcome so far. */
  public boolean isUsable() {
    return failure == null && !isClosed;
  }

  /** Syncs and closes; after a failure only closes. No other call may be under way. */
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    DwarfException problem = null;
    if (failure == null) {
      try {
        end(current);
        syncCurrent();
      } catch (DwarfException e) {
        problem = e;
      }
    }
    isClosed = true;
    try {
      closed.closeFiles();
      current.close();
    } catch (IOException e) {
      problem = LogFiles.failed("closing the log in " + files.directory(), e);
    }
    if (problem != null) {
      throw problem;
    }
  }

  private void checkUsable() {
    if (isClosed) {
      throw new DwarfException(
          DwarfException.Kind.CLOSED, "the log in " + files.directory() + " is closed");
    }
    if (failure != null) {
      throw new DwarfException(
          failure.kind(), "the log has failed before: " + failure.getMessage(), failure);
    }
  }

  private void checkAscending(WalFrame frame) {
    long last = lastSequence;
    List<WalBatch> batches = frame.batches();
    for (int i = 0; i < batches.size(); i++) {
      WalBatch batch = batches.get(i);
      Invariants.check(batch.firstSequence() > last, "W1: sequences in the log only ascend");
      last = batch.lastSequence();
    }
  }

  /** Nothing follows in that segment; its space behind the frames goes back. */
  private void end(SegmentWriter segment) {
    flush();
    try {
      segment.end();
    } catch (IOException e) {
      throw fail("end of log segment " + files.segment(segment.number()), e);
    }
  }

  private DwarfException appendFailed(SegmentWriter segment, IOException cause) {
    String what = "append to log segment " + files.segment(segment.number());
    if (!(cause instanceof DiskError error && error.isNoSpace())) {
      return fail(what, cause);
    }
    try {
      segment.cut();
    } catch (IOException e) {
      cause.addSuppressed(e);
      return fail(what, cause);
    }
    return LogFiles.failed(what, cause);
  }

  private SegmentWriter begin(SegmentHeader header) {
    String what = "new log segment " + files.segment(header.number());
    SegmentWriter next;
    try {
      next = SegmentWriter.create(files, header, staging);
      next.publish();
    } catch (IOException e) {
      if (e instanceof DiskError error && error.isNoSpace()) {
        throw LogFiles.failed(what, e);
      }
      throw fail(what, e);
    }
    try {
      files.disk().syncDirectory(files.directory());
    } catch (IOException e) {
      throw fail(what, e);
    }
    return next;
  }

  private SegmentHeader headerAfter(SegmentWriter old, Map<Integer, Long> flushedThrough) {
    long oldest = segments().get(0).firstSequence();
    SortedMap<Integer, SegmentHeader.FamilyState> families = new TreeMap<>();
    logged
        .toMap()
        .forEach(
            (family, sequence) -> {
              if (flushedThrough.containsKey(family) || sequence >= oldest) {
                families.put(family, new SegmentHeader.FamilyState(sequence, 0));
              }
            });
    flushedThrough.forEach(
        (family, sequence) -> {
          SegmentHeader.FamilyState known = families.get(family);
          families.put(
              family,
              new SegmentHeader.FamilyState(known == null ? 0 : known.loggedThrough(), sequence));
        });
    return new SegmentHeader(
        identity, old.number() + 1, old.continuation(), lastSequence, durableThrough, families);
  }

  private DwarfException fail(String what, IOException cause) {
    DwarfException failed =
        DwarfException.io(
            what
                + " failed: "
                + cause.getMessage()
                + "; whether it reached the disk is unknown, and the log takes nothing more."
                + " Check the storage, then reopen the database",
            cause);
    synchronized (this) {
      if (failure == null) {
        failure = failed;
      }
    }
    return failed;
  }
}
