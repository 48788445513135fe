package dwarf.memtable;

import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import dwarf.base.Lookup;
import dwarf.base.PaddedLong;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The active memtable of a column family: an append-only {@link RecordLog}, a {@link HashIndex}
 * from key to its newest version, and an order that is made only when somebody walks ({@link
 * RecordOrder}).
 *
 * <p>Idea: writing keeps no order, which is what makes it several times faster than a skip list; a
 * point read costs about two cache misses; and order, needed once at the seal anyway, is a radix
 * sort then.
 *
 * <p>A write: the group's leader calls {@link #prepare}, any threads {@link #add} the records, and
 * when all of them are done the leader calls {@link #publish}. Groups do not overlap. Instead of
 * the next group the leader may open a {@link WriteLane}.
 *
 * <p>T1. Only {@code prepare} can refuse; an {@code add} inside the prepared room succeeds. T2. A
 * record is complete before it is reachable, and never moves. T3. Everything up to the published
 * position is complete: cursors and {@link #sorted} look no further. Point readers see more, and
 * leave out what is newer than their sequence number. T4. Log and index together stay within the
 * write buffer size; only an empty memtable takes a group larger than that, whole. T5. Memory is
 * charged to the pool before it is touched, and given back only by {@link #release}, when the
 * caller knows that no reader is left.
 *
 * <p>Ownership: {@code prepare}, {@code publish}, {@code release}: one leader at a time, handed
 * over with a happens-before edge; everything else: any thread.
 */
public final class MemTable {

  /** Smaller write buffers are raised to this, as RocksDB does. */
  public static final long MIN_WRITE_BUFFER_SIZE = 64 << 10;

  private static final int FIRST_KEYS = 350;
  private static final int INDEX_BYTES_PER_KEY = 12;

  /** Tables grow so much while the final size is far, and once more by at most twice that. */
  private static final int GROWTH = 8;

  private static final int LAST_GROWTH = 2 * GROWTH;
  private static final double ESTIMATE_MARGIN = 1.05;

  private final SlabPool pool;
  private final long writeBufferSize;
  private final long firstSequence;

  /** Next free unit and number of records, see {@link LogPosition}. Moved by every add. */
  private final AtomicLong tail = new AtomicLong(LogPosition.START);

  private final LongAdder keys = new LongAdder();

  /** Everything held, for release; guarded by the leader's turn, like the next three. */
  private final List<Extent> extents = new ArrayList<>();

  private Extent logExtent;

  /** Up to here the log may grow without asking anybody. */
  private long logLimit;

  /** Where the prepared room ends; the group's adds see it through the leader's hand-over. */
  private long preparedBytes;

  private volatile State state;

  /** A packed {@link LogPosition}; apart, since readers look at what is beside it. */
  private final PaddedLong published = new PaddedLong(LogPosition.START);

  private volatile long bytesHeld;
  private volatile boolean refused;
  private volatile boolean released;

  /**
   * What readers follow; replaced when the index grows.
   *
   * @param indexBytes of all tables so far, the abandoned ones too
   */
  private record State(RecordLog log, RecordOrder order, HashIndex index, long indexBytes) {}

  public MemTable(SlabPool pool, long writeBufferSize, long firstSequence) {
    if (writeBufferSize > RecordLog.MAX_BYTES) {
      throw DwarfException.invalid(
          "write buffer of "
              + writeBufferSize
              + " bytes: the largest supported is "
              + RecordLog.MAX_BYTES);
    }
    this.pool = pool;
    this.writeBufferSize = Math.max(writeBufferSize, MIN_WRITE_BUFFER_SIZE);
    this.firstSequence = firstSequence;
  }

  /** What one record takes of the log, and so of the write buffer. */
  public static long recordBytes(int keyLength, long valueLength) {
    return RecordLog.recordBytes(keyLength, valueLength);
  }

  /**
   * Makes room for a group.
   *
   * @param bytes the sum of {@link #recordBytes} of its records
   * @param records how many there are
   * @return false if the memtable is full or the pool refuses: seal this one, or wait
   */
  public boolean prepare(long bytes, int records) {
    Invariants.check(!released, "a released memtable takes no group");
    LogPosition at = LogPosition.unpack(tail.get());
    long end = at.bytes() + bytes;
    if (!hasRoom(bytes, records) && !makeRoom(at, end, records)) {
      return false;
    }
    preparedBytes = end;
    return true;
  }

  /** Whether a group can be prepared without more memory. */
  public boolean hasRoom(long bytes, int records) {
    State now = state;
    return now != null
        && LogPosition.unpack(tail.get()).bytes() + bytes <= logLimit
        && keys.sum() + records <= now.index().keyCapacity();
  }

  /**
   * Adds one record of the prepared group.
   *
   * @param value empty for a deletion
   */
  public void add(long sequence, RecordType type, MemorySegment key, MemorySegment value) {
    long bytes = RecordLog.recordBytes((int) key.byteSize(), value.byteSize());
    int unit = LogPosition.unpackUnit(tail.getAndAdd(LogPosition.step(bytes, 1)));
    Invariants.check(
        RecordLog.offset(unit) + bytes <= preparedBytes, "a group adds no more than it prepared");
    put(state.index(), unit, sequence, type, key, value);
  }

  /** Fills a record's room and makes it reachable. */
  void put(
      HashIndex index,
      int unit,
      long sequence,
      RecordType type,
      MemorySegment key,
      MemorySegment value) {
    index.log().write(unit, sequence, type, key, value);
    if (index.insert(unit, sequence, KeyHash.of(key))) {
      keys.increment();
    }
  }

  /** So many keys are new. */
  void countKeys(int added) {
    keys.add(added);
  }

  /** Lets cursors opened from now on see the group, all of whose records have been added. */
  public void publish() {
    published.set(tail.get());
  }

  void publishThrough(long place) {
    published.set(place);
  }

  long publishedPlace() {
    return published.get();
  }

  /**
   * Opens what room is left of the last {@code prepare} to any writers; by the leader, when the
   * last group is published. Until {@link #closeLane} the lane's writers alone add.
   */
  public WriteLane openLane() {
    State now = state;
    long keysLeft = now.index().keyCapacity() - keys.sum();
    long start = tail.get();
    return new WriteLane(
        this, now.index(), start, logLimit, LogPosition.unpackCount(start) + keysLeft);
  }

  /**
   * Ends the lane for those to come; the place behind what was granted and may not be there yet.
   */
  public long closeLane(WriteLane lane) {
    long end = lane.close();
    tail.set(end);
    return end;
  }

  /**
   * The newest version of the key that is not newer than {@code sequence}; the value stays valid
   * until the memtable is released.
   *
   * @return whether the answer is final, so that no older source need be asked
   */
  public boolean get(MemorySegment key, long sequence, Lookup out) {
    out.reset();
    State now = state;
    if (now == null) {
      return false;
    }
    RecordLog log = now.log();
    int unit = now.index().find(key, sequence);
    if (unit == RecordLog.NIL) {
      return false;
    }
    RecordType type = log.type(unit);
    out.set(
        type,
        log.sequence(unit),
        type.isDeletion() ? MemorySegment.NULL : log.value(unit, key.byteSize()));
    return true;
  }

  /** A walk over everything published by now. */
  public VersionedCursor cursor() {
    State now = state;
    Invariants.check(!released, "a released memtable is not read");
    return new MemTableCursor(
        now == null ? List.of() : now.order().upTo(LogPosition.unpack(published.get())));
  }

  /** All records, once the last group has been published. */
  SortedRecords sorted() {
    State now = state;
    long all = published.get();
    Invariants.check(
        !released && all == tail.get(),
        "a memtable is sealed after its last group and before its release");
    return now == null ? SortedRun.EMPTY : now.order().merged(LogPosition.unpack(all));
  }

  /** Whether the write buffer is used up, or has refused a group for its size. */
  public boolean isFull() {
    State now = state;
    return refused
        || (now != null
            && RecordLog.offset(LogPosition.unpackUnit(tail.get())) + now.indexBytes()
                >= writeBufferSize);
  }

  /** Memory held, log and index. */
  public long bytesUsed() {
    return bytesHeld;
  }

  /** Bytes of the records published, as they lie in the log. */
  public long logBytes() {
    return LogPosition.unpack(published.get()).bytes() - RecordLog.offset(RecordLog.FIRST_UNIT);
  }

  /** Records published. */
  public int entryCount() {
    return LogPosition.unpackCount(published.get());
  }

  public long firstSequence() {
    return firstSequence;
  }

  /**
   * Takes what is held out of the pool's budget: the memtable gets no more writes and only readers
   * keep it from being released. Again is harmless.
   */
  public void letGo() {
    if (!released) {
      extents.forEach(pool::letGo);
    }
  }

  /** Gives all memory back. The caller knows that nobody reads any more; again is harmless. */
  public void release() {
    if (!released) {
      released = true;
      extents.forEach(pool::release);
      bytesHeld = 0;
    }
  }

  private boolean makeRoom(LogPosition at, long end, int records) {
    boolean empty = at.count() == 0;
    if (empty && (logExtent == null || end + RecordLog.SLACK_BYTES > logExtent.memory.byteSize())) {
      checkAddressable(end);
      openLog(pool.reserve(Math.max(end, writeBufferSize) + RecordLog.SLACK_BYTES));
    }
    long newTable = newTableBytes(at, end, records);
    long indexBytes = newTable + (state == null ? 0 : state.indexBytes());
    boolean oversize = end + indexBytes > writeBufferSize;
    if (oversize && !empty) {
      refused = true;
      return false;
    }
    boolean done = growInPool(end, newTable);
    if (done) {
      logLimit = Math.min(logExtent.charged, Math.max(end, writeBufferSize - indexBytes));
    } else if (oversize && growBeyondPool(end, records)) {
      logLimit = end;
      done = true;
    }
    bytesHeld = extents.stream().mapToLong(extent -> extent.charged).sum();
    return done;
  }

  /**
   * The size of the table that the index needs for the group, 0 if it has room. A table that has to
   * grow is sized for the keys that the full memtable would have if it went on like this.
   */
  private long newTableBytes(LogPosition at, long end, int records) {
    State now = state;
    long needed = keys.sum() + records;
    if (now == null) {
      return HashIndex.bytesFor(Math.max(needed, FIRST_KEYS));
    }
    long room = now.index().keyCapacity();
    if (needed <= room) {
      return 0;
    }
    long recordsAfter = (long) at.count() + records;
    double recordsWhenFull = writeBufferSize / ((double) end / recordsAfter + INDEX_BYTES_PER_KEY);
    double keysWhenFull = ESTIMATE_MARGIN * recordsWhenFull * needed / recordsAfter;
    boolean near = keysWhenFull <= LAST_GROWTH * room;
    long wanted = near ? Math.max((long) keysWhenFull, room + room / 2) : GROWTH * room;
    return HashIndex.bytesFor(Math.max(needed, wanted));
  }

  private boolean growInPool(long end, long newTable) {
    if (!pool.charge(logExtent, end)) {
      return false;
    }
    if (newTable > 0) {
      Extent extent = pool.allocate(newTable);
      if (extent == null) {
        return false;
      }
      extents.add(extent);
      replaceIndex(extent.memory);
    }
    return true;
  }

  /** One extent for log and index of an oversize group, if no other such group is held. */
  private boolean growBeyondPool(long end, int records) {
    long logBytes = NativeMemory.roundToPages(end + RecordLog.SLACK_BYTES);
    long tableBytes = HashIndex.bytesFor(Math.max(records, FIRST_KEYS));
    Extent extent = pool.reserve(logBytes + tableBytes);
    if (!pool.chargeOversize(extent)) {
      pool.release(extent);
      return false;
    }
    openLog(extent);
    replaceIndex(extent.memory.asSlice(logBytes, tableBytes).fill((byte) 0));
    return true;
  }

  /** Of an empty memtable: nobody has a unit of an earlier log. */
  private void openLog(Extent extent) {
    state = null;
    if (logExtent != null) {
      extents.remove(logExtent);
      pool.release(logExtent);
    }
    logExtent = extent;
    extents.add(extent);
  }

  private void replaceIndex(MemorySegment slots) {
    State old = state;
    if (old == null) {
      RecordLog log = new RecordLog(logExtent.memory);
      HashIndex index = new HashIndex(slots, log);
      state = new State(log, new RecordOrder(log), index, slots.byteSize());
      return;
    }
    HashIndex index = new HashIndex(slots, old.log());
    old.index().copyTo(index);
    state = new State(old.log(), old.order(), index, old.indexBytes() + slots.byteSize());
  }

  private static void checkAddressable(long end) {
    if (end > RecordLog.MAX_BYTES) {
      throw DwarfException.invalid(
          "group of "
              + end
              + " bytes: a memtable holds at most "
              + RecordLog.MAX_BYTES
              + "; write less at once");
    }
  }
}
