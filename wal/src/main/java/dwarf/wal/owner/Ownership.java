package dwarf.wal.owner;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.wal.io.Disk;
import dwarf.wal.io.DiskError;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write to a database, under an epoch that nobody else ever had.
 *
 * <p>It lasts until a successor takes a higher epoch. The owner looks for one every third of its
 * lease; what it wrote may be acknowledged only if {@link #check} passes <i>after</i> the write. A
 * successor first shows itself, then waits the lease out, then reads the log: so it sees every
 * write that was acknowledged, however long this process was stopped in between.
 *
 * <p>Threading: {@link #check} by any thread. The rest by the thread that opens and closes the
 * database.
 */
public final class Ownership implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

  record Start(
      Layout layout,
      ClaimStore store,
      Environment environment,
      ClaimOptions options,
      OwnerRecord record,
      boolean isClean) {}

  private final Layout layout;
  private final ClaimStore store;
  private final Disk disk;
  private final GivenUp givenUp;
  private final Clock clock;
  private final long leaseNanos;
  private final boolean isClean;
  private final Path rocks;
  private final LeaseKeeper keeper;

  /** What stands in this epoch's record. Guarded by this. */
  private OwnerRecord record;

  /** Whether the log in this epoch's directory is whole, durable and ours. Guarded by this. */
  private boolean isRecovered;

  private boolean isClosed;

  /** No successor can have finished waiting before this time. */
  private volatile long validUntil;

  private volatile boolean isFenced;

  Ownership(Start start) {
    this.layout = start.layout();
    this.store = start.store();
    this.disk = start.environment().disk();
    this.givenUp = start.environment().givenUp();
    this.clock = start.options().clock();
    this.leaseNanos = start.options().leaseDuration().toNanos();
    this.record = start.record();
    this.isClean = start.isClean();
    this.rocks = layout.database().resolve(record.rocksDirectory()).normalize();
    this.validUntil = clock.nanoTime();
    renew();
    this.keeper = start.environment().renewInBackground() ? LeaseKeeper.start(this) : null;
  }

  public UUID database() {
    return record().database();
  }

  public long incarnation() {
    return record().incarnation();
  }

  public long epoch() {
    return record().epoch();
  }

  /** Where the RocksDB database is, or is to be made. */
  public Path rocksDirectory() {
    return rocks;
  }

  /** This epoch's log; filled with what the last owner left. */
  public Path walDirectory() {
    return layout.wal(epoch());
  }

  /** This epoch's directory for files on their way into RocksDB; empty at first. */
  public Path stageDirectory() {
    return layout.stage(epoch());
  }

  /** A small file of the database that outlives its owners; null if there is none. */
  public MemorySegment readNote(String name, int maxBytes) {
    try {
      return store.files().read(layout.dwarf().resolve(name), maxBytes);
    } catch (IOException e) {
      throw DwarfException.io("reading " + layout.dwarf().resolve(name) + ": " + e, e);
    }
  }

  /** Durably gives such a file this content. Only the newest owner's note is to be trusted. */
  public void writeNote(String name, MemorySegment content) {
    Path file = layout.dwarf().resolve(name);
    try {
      store.files().replace(file, content);
    } catch (IOException e) {
      throw writeFailed(file, e);
    }
  }

  /** Durably removes such a file, if it is there. */
  public void deleteNote(String name) {
    Path file = layout.dwarf().resolve(name);
    try {
      store.files().deleteIfThere(file);
      disk.syncDirectory(layout.dwarf());
    } catch (IOException e) {
      throw DwarfException.io("removing " + file + ": " + e, e);
    }
  }

  private static DwarfException writeFailed(Path file, IOException e) {
    String what = "writing " + file + ": " + e.getMessage();
    return e instanceof DiskError error && error.isNoSpace()
        ? new DwarfException(DwarfException.Kind.NO_SPACE, what + "; make room", e)
        : DwarfException.io(what, e);
  }

  /** A copy of the RocksDB directory, by hard links, into a new one on the same file system. */
  public void cloneRocks(Path to) {
    try {
      store.files().createDirectories(to);
      new RocksClone(store.files(), rocks, to).run();
    } catch (IOException e) {
      throw DwarfException.io("cloning " + rocks + " to " + to + ": " + e, e);
    }
  }

  /** Removes a clone. */
  public void deleteClone(Path clone) {
    try {
      store.files().deleteTree(clone);
    } catch (IOException e) {
      throw DwarfException.io("deleting " + clone + ": " + e, e);
    }
  }

  /** Whether the database is new or was closed in order. */
  public boolean cleanBefore() {
    return isClean;
  }

  /** The file operations that the claim was made with. */
  public Disk disk() {
    return disk;
  }

  /** Whether there is a log that must not be missing. */
  public boolean hadLog() {
    return record().hasLog();
  }

  /** The sequence through which the last owner closed its log; 0 if it did not. */
  public long previousDurableThrough() {
    return record().durableThrough();
  }

  /** Whether the machine may have gone down since the log was written. */
  public boolean mayHaveLostPower() {
    return record().mayHaveLostPower();
  }

  /**
   * Passes as long as no successor can be serving. To be called after a write and before its
   * acknowledgement; normally one look at the clock.
   *
   * <p>FENCED: a successor has taken over; stop. UNAVAILABLE: the storage does not answer, so it is
   * not known; the write's outcome is unknown.
   */
  public void check() {
    if (clock.nanoTime() - validUntil < 0 && !isFenced) {
      return;
    }
    renew();
  }

  /** Looks for a successor, and renews the lease if there is none. By any thread. */
  void renew() {
    if (isFenced) {
      throw fenced();
    }
    long now = clock.nanoTime();
    long highest;
    try {
      highest = store.highestEpoch();
    } catch (IOException e) {
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE,
          "cannot read in "
              + layout.dwarf()
              + " whether another owner has taken over: "
              + e.getMessage(),
          e);
    }
    if (highest > epoch()) {
      isFenced = true;
      throw fenced();
    }
    extendTo(now + leaseNanos);
  }

  /** Until when {@link #check} passes without a look at the records. */
  long validUntil() {
    return validUntil;
  }

  long leaseNanos() {
    return leaseNanos;
  }

  /** Notes that the log is whole and durable under this epoch. Called by its recovery. */
  public synchronized void logRecovered() {
    check();
    update(record.withLog(record.epoch(), true, false, 0));
    isRecovered = true;
  }

  /**
   * Gives the database up in order. Given up it is even if that cannot be recorded.
   *
   * @param durableThrough the log's last sequence, which has been synced; a successor then refuses
   *     a log with less
   */
  public synchronized void closeClean(long durableThrough) {
    if (isClosed) {
      return;
    }
    stop();
    if (isFenced) {
      return;
    }
    release(
        isRecovered
            ? record
                .withLog(record.epoch(), true, false, durableThrough)
                .withState(OwnerRecord.State.CLOSED)
            : record.withState(OwnerRecord.State.RELEASED));
  }

  /**
   * Gives the database up as it is, after a failure: nothing more will be written. If even that
   * cannot be recorded, other processes on this machine have to wait for the end of this one.
   */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    stop();
    if (isFenced) {
      return;
    }
    try {
      release(record.withState(OwnerRecord.State.RELEASED));
    } catch (DwarfException e) {
      LOG.warn(
          "the release of {} could not be recorded; to others it stays locked until this process"
              + " ends",
          layout.database(),
          e);
    }
  }

  private void release(OwnerRecord last) {
    try {
      update(last);
    } catch (DwarfException e) {
      givenUp.add(layout.database(), record.epoch());
      throw e;
    }
  }

  private void stop() {
    isClosed = true;
    if (keeper != null) {
      keeper.stop();
    }
  }

  private synchronized OwnerRecord record() {
    return record;
  }

  private synchronized void extendTo(long time) {
    if (time - validUntil > 0) {
      validUntil = time;
    }
  }

  private void update(OwnerRecord changed) {
    try {
      store.update(changed);
    } catch (IOException e) {
      throw writeFailed(layout.claim(changed.epoch()), e);
    }
    record = changed;
  }

  private DwarfException fenced() {
    return new DwarfException(
        DwarfException.Kind.FENCED,
        layout.database()
            + ": another owner has taken over with an epoch above "
            + epoch()
            + "; this one must stop. Writes that were not acknowledged may or may not be there");
  }
}
