package dwarf.engine.commit;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.base.RecordType;
import dwarf.engine.log.WriteLog;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.memtable.MemTable;
import dwarf.wal.BatchCodec;
import dwarf.wal.WalBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The stages of a commit group: admission, WAL, memtables, publication.
 *
 * <p>I1. Nothing is applied before it is in the log (unless the writer asked for no log), and
 * nothing is visible before all of its group is applied. I3. A sequence number is consumed only by
 * a group whose log record was appended, so numbers neither repeat nor go back. Groups leave a
 * {@link CommitLane} behind, in which numbers are assigned, logged and shown until the next leader
 * begins. There a record is in the memtable first; what cannot be logged then is never shown, and
 * ends the database's writing.
 */
public final class WritePath implements CommitStages {

  /**
   * So many groups of a single record tell that there is hardly another writer; asked only where
   * each group costs a system call.
   */
  private static final int ALONE = 1000;

  private final Memtables memtables;
  private final Admission admission;
  private final WriteLog log;
  private final Health health;
  private final Runnable ownershipCheck;
  private final Supplier<Map<Integer, Long>> flushedThrough;
  private final Progress progress;
  private final Statistics statistics;
  private final FamilyShares shares = new FamilyShares();

  /** Written by the leader alone, like the next. */
  private long lastAssigned;

  /** How many groups there have been since several writers, or a batch of several records. */
  private int aloneInARow;

  private final VisibleSequence visible;
  private final CommitLane lane;

  public WritePath(
      Memtables memtables,
      Background background,
      WriteLog log,
      Runnable ownershipCheck,
      VisibleSequence visible) {
    this.memtables = memtables;
    this.admission = new Admission(memtables, background, Clock.SYSTEM);
    this.log = log;
    this.health = background.health();
    this.ownershipCheck = ownershipCheck;
    this.flushedThrough = background.flushedThrough();
    this.progress = background.progress();
    this.statistics = background.statistics();
    this.visible = visible;
    this.lane = new CommitLane(visible, background, log, ownershipCheck);
  }

  /** The newest sequence that readers may see; of all writes that have returned. */
  public long visible() {
    return visible.latest();
  }

  /** Counts the writes that have returned, which happens when they become visible. */
  public void countReturned() {
    if (!health.isFailed()) {
      visible.latest();
    }
  }

  /** The last sequence assigned; for the leader and for exclusive actions. */
  public long lastAssigned() {
    return lastAssigned;
  }

  /** Where recovery ended: the next write gets the number after it. */
  public void startAfter(long sequence) {
    lastAssigned = sequence;
    visible.set(sequence);
  }

  @Override
  public boolean pass(CommitBatch batch, WriteFlags flags) {
    return !flags.sync() && lane.write(batch, flags.disableWal());
  }

  @Override
  public boolean pass(
      int family, RecordType type, MemorySegment key, MemorySegment value, WriteFlags flags) {
    return !flags.sync() && lane.put(family, type, key, value, flags.disableWal());
  }

  /** Hands what is visible to the log, if it is not there yet; by any thread. */
  public void catchUpLog() {
    lane.catchUp();
  }

  @Override
  public void begin() {
    lastAssigned = lane.close(lastAssigned);
  }

  @Override
  public boolean admitsAtOnce(CommitGroup group) {
    sumUp(group);
    boolean atOnce = admission.isUnpressed();
    for (int i = 0; i < shares.size() && atOnce; i++) {
      int family = shares.family(i);
      atOnce =
          memtables.hasFamily(family)
              && admission.hasRoom(family, shares.records(i), shares.bytes(i));
    }
    return atOnce;
  }

  private void sumUp(CommitGroup group) {
    shares.clear();
    for (CommitRequest request : group.live()) {
      request.batch.footprint(shares);
    }
  }

  @Override
  public void admit(CommitGroup group) {
    health.checkWritable();
    ownershipCheck.run();
    refuseUnknownFamilies(group);
    admission.heedPressure(group.bytes(), group.refusesSlowdown());
    sumUp(group);
    Admission.RoomRequest room = new Admission.RoomRequest(lastAssigned, group.refusesSlowdown());
    long before = memtables.rotations();
    long rotations;
    do {
      rotations = memtables.rotations();
      for (int i = 0; i < shares.size(); i++) {
        admission.makeRoom(shares.family(i), shares.records(i), shares.bytes(i), room);
      }
    } while (shares.size() > 1 && rotations != memtables.rotations());
    if (before != memtables.rotations() && log.rotateIfLong(flushedThrough.get())) {
      progress.signal();
    }
  }

  private void refuseUnknownFamilies(CommitGroup group) {
    for (CommitRequest request : group.requests()) {
      request.batch.footprint(
          (family, records, bytes) -> {
            if (!memtables.hasFamily(family)) {
              request.failure =
                  DwarfException.invalid("column family " + family + " does not exist any more");
            }
          });
    }
  }

  @Override
  public void log(CommitGroup group) {
    List<CommitRequest> live = group.live();
    long next = lastAssigned + 1;
    List<WalBatch> logged = new ArrayList<>(live.size());
    for (CommitRequest request : live) {
      request.sequenced = request.batch.at(next);
      next += request.batch.count();
      if (!request.flags.disableWal()) {
        logged.add(request.sequenced);
      }
    }
    if (next > Limits.MAX_SEQUENCE) {
      throw DwarfException.notSupported("the 56-bit sequence numbers are used up");
    }
    try {
      log.append(logged, group.wantsSync());
      ownershipCheck.run();
    } catch (DwarfException e) {
      if (e.kind() != DwarfException.Kind.NO_SPACE) {
        health.fail("WAL", e);
      }
      throw e;
    }
    lastAssigned = next - 1;
  }

  @Override
  public void apply(CommitRequest request) {
    if (request.flags.disableWal()) {
      request.batch.footprint((family, records, bytes) -> memtables.active(family).markUnlogged());
    }
    long[] sequence = {request.sequenced.firstSequence()};
    BatchCodec.forEach(
        request.sequenced.bytes(),
        (type, family, key, value) ->
            memtables.active(family).table().add(sequence[0]++, type, key, value));
  }

  @Override
  public void publish(CommitGroup group) {
    for (int i = 0; i < shares.size(); i++) {
      memtables.active(shares.family(i)).table().publish();
    }
    visible.set(lastAssigned);
    count(group);
    boolean alone = group.crowd() == 1 && shares.size() == 1 && shares.records(0) == 1;
    aloneInARow = alone ? aloneInARow + 1 : 0;
    if (shares.size() == 1 && group.isUniform()) {
      openLane(shares.family(0), !group.requests().getFirst().flags.disableWal());
    }
  }

  private void openLane(int family, boolean logged) {
    if (!logged || log.isManuallyFlushed() || log.isInMemory() || aloneInARow >= ALONE) {
      lane.open(new CommitLane.Place(memtables.active(family), family), logged, lastAssigned);
    }
  }

  /** Puts one recovered record back; called by recovery before the first write. */
  public void replay(
      long sequence, RecordType type, int family, MemorySegment key, MemorySegment value) {
    long bytes = MemTable.recordBytes((int) key.byteSize(), value.byteSize());
    admission.makeRoom(family, 1, bytes, new Admission.RoomRequest(sequence - 1, false));
    MemTable table = memtables.active(family).table();
    table.add(sequence, type, key, value);
    table.publish();
    lastAssigned = Math.max(lastAssigned, sequence);
  }

  private void count(CommitGroup group) {
    statistics.increment(Counter.WRITE_GROUPS);
    statistics.add(Counter.WRITE_BATCHES, group.requests().size());
    for (int i = 0; i < shares.size(); i++) {
      statistics.add(Counter.WRITE_RECORDS, shares.records(i));
      statistics.add(Counter.WRITE_BYTES, shares.bytes(i));
    }
  }
}
