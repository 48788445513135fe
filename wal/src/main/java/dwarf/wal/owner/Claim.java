package dwarf.wal.owner;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.wal.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.locks.LockSupport;

/**
 * One attempt to become the owner of a database directory that has an identity.
 *
 * <ol>
 *   <li>Read all records; each earlier owner must have closed, released or provably died. Otherwise
 *       refuse, or with take-over go on.
 *   <li>Create the record of the next epoch, exclusively. Look again: if another claim is higher,
 *       or the record that was judged has changed, withdraw.
 *   <li>Point OWNER here. An old owner that still lives sees it, or the higher claim, within its
 *       lease and stops; a take-over waits for that, and reads the old record only then.
 *   <li>Link the log's segments into this epoch's directory: what anyone does to the old directory
 *       from now on changes nothing here. In a take-over clone RocksDB's files after that: records
 *       that left the log because they were flushed are then in the clone.
 *   <li>Write into the record that log and RocksDB are here now. Remove the older records; if all
 *       earlier owners are gone, their directories too.
 * </ol>
 *
 * <p>A stop between any two steps leaves a record whose log epoch still names the old directory, so
 * the next attempt starts from there.
 */
final class Claim {

  private static final long POLL_NANOS = 10_000_000;

  private final Layout layout;
  private final Identity identity;
  private final ClaimOptions options;
  private final Environment environment;
  private final SmallFiles files;
  private final ClaimStore store;
  private OwnerRecord mine;
  private boolean isPublished;

  Claim(Layout layout, Identity identity, ClaimOptions options, Environment environment) {
    this.layout = layout;
    this.identity = identity;
    this.options = options;
    this.environment = environment;
    this.files = new SmallFiles(environment.disk(), environment.ids());
    this.store = new ClaimStore(layout, files);
  }

  Ownership run() throws IOException {
    // Before the records: a directory seen here has its record, or a higher one, among those.
    long highestDirectory = highestDirectory();
    NavigableMap<Long, OwnerRecord> records = store.readAll();
    records.values().forEach(this::checkIdentity);
    if (options.errorIfExists() && !records.isEmpty()) {
      throw DwarfException.invalid(
          layout.database() + " holds a database already, and the options ask for a new one");
    }
    List<OwnerRecord> unproven = unproven(records);
    OwnerRecord previous = records.isEmpty() ? null : records.lastEntry().getValue();
    claim(previous, highestDirectory);
    try {
      confirm(records);
      isPublished = true;
      store.publish(mine);
      if (!unproven.isEmpty()) {
        waitOut(unproven);
        checkNotSuperseded();
        previous = latest(previous);
      }
      adopt(previous, !unproven.isEmpty());
    } catch (IOException | RuntimeException e) {
      giveUp(e);
      throw e;
    }
    environment.givenUp().succeeded(layout.database(), mine.epoch());
    boolean isClean = previous == null || previous.state() == OwnerRecord.State.CLOSED;
    return new Ownership(new Ownership.Start(layout, store, environment, options, mine, isClean));
  }

  private void checkIdentity(OwnerRecord record) {
    if (!record.database().equals(identity.database())
        || record.incarnation() != identity.incarnation()) {
      throw DwarfException.corruption(
          layout.claim(record.epoch())
              + " belongs to database "
              + record.database()
              + ", incarnation "
              + record.incarnation()
              + ", but "
              + layout.identity()
              + " says "
              + identity.database()
              + ", incarnation "
              + identity.incarnation()
              + ": files of two databases have been mixed");
    }
  }

  /** The earlier owners that may still be running; refuses them unless the caller takes over. */
  private List<OwnerRecord> unproven(NavigableMap<Long, OwnerRecord> records) {
    List<OwnerRecord> unproven = new ArrayList<>();
    for (OwnerRecord record : records.values()) {
      if (record.state() != OwnerRecord.State.OPEN || isGivenUp(record)) {
        continue;
      }
      Liveness liveness = environment.host().judge(record.host());
      if (liveness == Liveness.DEAD) {
        continue;
      }
      if (!options.takeOver()) {
        throw busy(record, liveness);
      }
      unproven.add(record);
    }
    return unproven;
  }

  private boolean isGivenUp(OwnerRecord record) {
    return environment.givenUp().contains(layout.database(), record, environment.host().self());
  }

  private DwarfException busy(OwnerRecord record, Liveness liveness) {
    String who = record.host() + " (epoch " + record.epoch() + ")";
    String what =
        liveness == Liveness.ALIVE
            ? " is open in " + who + ", which is running: close it there"
            : " was last opened by "
                + who
                + " and not closed, and from here it cannot be proven"
                + " that this process has ended: make sure that it has";
    return new DwarfException(
        DwarfException.Kind.BUSY,
        layout.database()
            + what
            + ", or open with takeOver to fence it off (that waits for its"
            + " lease of "
            + record.leaseNanos() / 1_000_000
            + " ms)");
  }

  private void claim(OwnerRecord previous, long highestDirectory) throws IOException {
    HostStamp self = environment.host().self();
    long epoch = Math.max(previous == null ? 0 : previous.epoch(), highestDirectory) + 1;
    OwnerRecord record =
        new OwnerRecord(
            identity.database(),
            identity.incarnation(),
            epoch,
            OwnerRecord.State.OPEN,
            0,
            false,
            false,
            0,
            options.leaseDuration().toNanos(),
            "",
            self);
    mine = previous == null ? record : inherit(record, previous);
    if (!store.create(mine)) {
      throw lost();
    }
  }

  private long highestDirectory() throws IOException {
    long highest = 0;
    if (disk().exists(layout.epochs())) {
      for (String name : disk().list(layout.epochs())) {
        highest = Math.max(highest, Layout.number(name));
      }
    }
    return highest;
  }

  private static OwnerRecord inherit(OwnerRecord record, OwnerRecord previous) {
    boolean mayHaveLostPower =
        previous.mayHaveLostPower() || !record.host().isSameBoot(previous.host());
    return record
        .withLog(
            previous.logEpoch(), previous.hasLog(), mayHaveLostPower, previous.durableThrough())
        .withRocks(previous.rocksDirectory());
  }

  /**
   * Makes sure that what was judged still holds now that the claim stands: nobody is above, and
   * below is no record but those that were judged. One that is gone was a claim withdrawn.
   */
  private void confirm(NavigableMap<Long, OwnerRecord> judged) throws IOException {
    NavigableMap<Long, OwnerRecord> now = store.readAll();
    boolean isHighest = store.highestEpoch() == mine.epoch();
    boolean isJudged =
        now.headMap(mine.epoch(), false).entrySet().stream()
            .allMatch(record -> record.getValue().equals(judged.get(record.getKey())));
    if (!isHighest || !isJudged) {
      throw lost();
    }
  }

  private DwarfException lost() {
    return new DwarfException(
        DwarfException.Kind.BUSY,
        layout.database()
            + " is being opened by another process at this moment: only one can"
            + " have it");
  }

  /** Waits until the old owners must have seen the new epoch, with a quarter for their clocks. */
  private void waitOut(List<OwnerRecord> owners) {
    Clock clock = options.clock();
    long longest = owners.stream().mapToLong(OwnerRecord::leaseNanos).max().orElse(0);
    long until = clock.nanoTime() + longest + longest / 4;
    boolean wasInterrupted = false;
    for (long left = until - clock.nanoTime(); left > 0; left = until - clock.nanoTime()) {
      LockSupport.parkNanos(this, Math.min(left, POLL_NANOS));
      wasInterrupted |= Thread.interrupted();
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void adopt(OwnerRecord previous, boolean isTakeOver) throws IOException {
    long epoch = mine.epoch();
    if (previous != null) {
      mine = inherit(mine, previous);
    }
    files.createDirectories(layout.wal(epoch));
    files.createDirectories(layout.stage(epoch));
    if (mine.logEpoch() != 0) {
      linkLog(layout.wal(mine.logEpoch()), layout.wal(epoch));
    }
    if (isTakeOver) {
      Path rocks = layout.rocks(epoch);
      files.createDirectories(rocks);
      new RocksClone(files, layout.database().resolve(mine.rocksDirectory()), rocks).run();
      mine = mine.withRocks(layout.relative(rocks));
    }
    mine = mine.withLog(epoch, mine.hasLog(), mine.mayHaveLostPower(), mine.durableThrough());
    checkNotSuperseded();
    store.update(mine);
    store.sweepBelow(epoch);
    if (!isTakeOver) {
      Path rocks = layout.database().resolve(mine.rocksDirectory()).normalize();
      new EpochSweep(layout, files).run(epoch, rocks);
    }
  }

  private void linkLog(Path from, Path to) throws IOException {
    for (String name : disk().list(from)) {
      if (name.endsWith(".log")) {
        disk().link(from.resolve(name), to.resolve(name));
      }
    }
    disk().syncDirectory(to);
  }

  /** The old owner's record as it stands now; one that withdrew meanwhile had not changed it. */
  private OwnerRecord latest(OwnerRecord previous) throws IOException {
    OwnerRecord latest = store.read(previous.epoch());
    return latest == null ? previous : latest;
  }

  private void checkNotSuperseded() throws IOException {
    if (isSuperseded()) {
      throw lost();
    }
  }

  /** Whether somebody has taken this claim over while it was being made. */
  private boolean isSuperseded() throws IOException {
    return store.highestEpoch() > mine.epoch();
  }

  /**
   * Leaves nothing behind that keeps the next attempt out; if that fails too, other processes have
   * to wait for the end of this one. Throws instead of the cause if that is only a successor's
   * sweep.
   */
  private void giveUp(Exception cause) {
    boolean isSuperseded = false;
    try {
      isSuperseded = isSuperseded();
      if (isSuperseded || !isPublished) {
        store.withdraw(mine.epoch());
      } else {
        store.update(mine.withState(OwnerRecord.State.RELEASED));
      }
    } catch (IOException e) {
      environment.givenUp().add(layout.database(), mine.epoch());
      cause.addSuppressed(e);
    }
    if (isSuperseded) {
      DwarfException lost = lost();
      lost.addSuppressed(cause);
      throw lost;
    }
  }

  private Disk disk() {
    return environment.disk();
  }
}
