package dwarf.engine;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.ReadGate;
import dwarf.base.RecordType;
import dwarf.engine.commit.WriteFlags;
import dwarf.engine.read.Scanner;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.FamilyView;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.PinnedView;
import dwarf.storage.Family;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One open database: the parts that {@link Opening} has put together, and the calls that go to
 * them. The order of the parts is the order data flows in: commit queue, memtables, offload, flush,
 * install.
 *
 * <p>Every call passes the {@link #calls} gate and close waits for all that are inside, so nothing
 * is used after it was closed (RocksDB would crash the process). But for gets: each of those passes
 * the gate of the views anyway and looks there whether the database is open, so close waits at that
 * gate, too, and two atomic operations of each get are saved.
 */
final class Database implements AutoCloseable {

  private final Parts parts;
  private final Families families;
  private final ReadGate calls = new ReadGate();
  private final AtomicBoolean closed = new AtomicBoolean();

  Database(Parts parts, Families families) {
    this.parts = parts;
    this.families = families;
  }

  static Database open(Path path, Options options, List<ColumnFamilyDescriptor> descriptors) {
    return new Opening(path, options, descriptors).open();
  }

  static List<byte[]> listColumnFamilies(Path path) {
    return Opening.listColumnFamilies(path);
  }

  Families families() {
    return families;
  }

  Statistics statistics() {
    parts.writePath().countReturned();
    return parts.statistics();
  }

  /** Every get is inside of it. */
  ReadGate gets() {
    return parts.views().gate();
  }

  long visibleSequence() {
    return parts.writePath().visible();
  }

  void write(WriteOptions options, WriteBatch batch) {
    if (batch.count() == 0) {
      return;
    }
    int token = enter();
    try {
      parts.queue().commit(batch, options.flags());
    } finally {
      leave(token);
    }
  }

  /** One record; what can do without a batch goes past the queue. */
  void write(
      WriteOptions options, RecordType type, int family, MemorySegment key, MemorySegment value) {
    WriteFlags flags = options.flags();
    int token = enter();
    try {
      WriteBatch.check(key, value);
      if (!parts.queue().pass(family, type, key, value, flags)) {
        parts.queue().commit(new WriteBatch().add(type, family, key, value), flags);
      }
    } finally {
      leave(token);
    }
  }

  byte[] get(ColumnFamilyHandle family, ReadOptions options, byte[] key) {
    parts.health().checkOpen();
    parts.ownership().check();
    Snapshot snapshot = options.snapshot();
    return parts
        .readers()
        .points()
        .get(family.getID(), key, snapshot == null ? null : snapshot.pinned());
  }

  List<byte[]> multiGet(ColumnFamilyHandle family, ReadOptions options, List<byte[]> keys) {
    int token = enter();
    try {
      parts.ownership().check();
      if (options.snapshot() != null) {
        return parts.readers().many().get(family.getID(), keys, options.snapshot().pinned());
      }
      PinnedView now = parts.views().takeSnapshot();
      try {
        return parts.readers().many().get(family.getID(), keys, now);
      } finally {
        parts.views().releaseSnapshot(now);
      }
    } finally {
      leave(token);
    }
  }

  DwarfIterator newIterator(ColumnFamilyHandle family, ReadOptions options) {
    int token = enter();
    try {
      families.check(family);
      parts.ownership().check();
      Snapshot snapshot = options.snapshot();
      PinnedView pinned =
          snapshot == null ? parts.views().pinCurrent() : parts.views().pinFor(snapshot.pinned());
      Scanner.Bounds bounds = new Scanner.Bounds(options.lower(), options.upper());
      try {
        Cursor cursor = parts.readers().scanner().open(pinned, family.getID(), bounds);
        return new DwarfIterator(cursor, bounds, () -> parts.views().unpin(pinned));
      } catch (RuntimeException e) {
        parts.views().unpin(pinned);
        throw e;
      }
    } finally {
      leave(token);
    }
  }

  PinnedView takeSnapshot() {
    int token = enter();
    try {
      return parts.views().takeSnapshot();
    } finally {
      leave(token);
    }
  }

  void releaseSnapshot(Snapshot snapshot) {
    if (!closed.get()) {
      parts.views().releaseSnapshot(snapshot.pinned());
    }
  }

  synchronized ColumnFamilyHandle createColumnFamily(ColumnFamilyDescriptor descriptor) {
    int token = enter();
    try {
      if (families.contains(descriptor.name())) {
        throw DwarfException.invalid(
            "column family \"" + text(descriptor.name()) + "\" exists already");
      }
      parts.health().checkWritable();
      Family created = parts.store().createFamily(descriptor.name(), descriptor.options());
      parts.stage().refreshOptions(parts.store());
      parts.installer().addFamily(created.id(), text(descriptor.name()), 0);
      parts.queue().exclusively(() -> parts.memtables().addFamily(created.id(), 1));
      return families.add(created.id(), descriptor.name());
    } finally {
      leave(token);
    }
  }

  synchronized void dropColumnFamily(ColumnFamilyHandle family) {
    int token = enter();
    try {
      families.check(family);
      if (family.getID() == Families.DEFAULT_ID) {
        throw DwarfException.invalid("the default column family cannot be dropped");
      }
      parts.health().checkWritable();
      families.remove(family.getID());
      parts.queue().exclusively(() -> parts.memtables().dropFamily(family.getID()));
      parts.installer().dropFamily(family.getID());
    } finally {
      leave(token);
    }
  }

  void flush(FlushOptions options, List<ColumnFamilyHandle> wanted) {
    int token = enter();
    try {
      wanted.forEach(families::check);
      Map<Integer, Long> targets = new HashMap<>();
      parts.queue().exclusively(() -> wanted.forEach(family -> freeze(family, targets)));
      targets.forEach(parts.flush()::request);
      if (options.waitForFlush()) {
        targets.forEach(parts.flush()::awaitFlushed);
      }
    } finally {
      leave(token);
    }
  }

  /** Freezes the family's active memtable and notes how far its frozen ones reach. */
  private void freeze(ColumnFamilyHandle family, Map<Integer, Long> targets) {
    parts.memtables().rotate(family.getID(), parts.writePath().lastAssigned());
    FamilyView view = parts.views().current().family(family.getID());
    List<MemtableSource> frozen = view.frozenOldestFirst();
    if (!frozen.isEmpty()) {
      targets.put(family.getID(), frozen.getLast().lastSequence());
    }
  }

  void syncWal() {
    int token = enter();
    try {
      parts.queue().exclusively(parts.log()::syncAll);
    } finally {
      leave(token);
    }
  }

  void flushWal() {
    int token = enter();
    try {
      parts.writePath().catchUpLog();
      parts.log().flush();
    } finally {
      leave(token);
    }
  }

  void compactRange(ColumnFamilyHandle family) {
    int token = enter();
    try {
      families.check(family);
      parts.store().compactRange(family.getID(), null, null);
    } finally {
      leave(token);
    }
  }

  String property(ColumnFamilyHandle family, String name) {
    int token = enter();
    try {
      families.check(family);
      return parts.store().property(family.getID(), name);
    } finally {
      leave(token);
    }
  }

  long longProperty(ColumnFamilyHandle family, String name) {
    int token = enter();
    try {
      families.check(family);
      return parts.store().numProperty(family.getID(), name);
    } finally {
      leave(token);
    }
  }

  @Override
  public void close() {
    DwarfException lost = closed.get() ? null : flushUnlogged();
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    parts.health().close();
    parts.progress().signal();
    calls.synchronize();
    gets().synchronize();
    parts.resources().close();
    if (lost != null) {
      throw lost;
    }
  }

  /**
   * What the WAL does not hold would be lost by closing, so it is flushed, as RocksDB does.
   *
   * @return why that was not possible; null if nothing is lost
   */
  private DwarfException flushUnlogged() {
    boolean unlogged =
        parts.views().current().families().values().stream()
            .flatMap(family -> family.newestFirst().stream())
            .anyMatch(MemtableSource::hasUnloggedRecords);
    if (!unlogged) {
      return null;
    }
    try {
      flush(new FlushOptions(), families.all());
      return null;
    } catch (DwarfException e) {
      return new DwarfException(
          e.kind(), "closed, but writes made with disableWAL are lost: " + e.getMessage(), e);
    }
  }

  private int enter() {
    int token = calls.enter();
    if (closed.get()) {
      calls.exit(token);
      throw new DwarfException(DwarfException.Kind.CLOSED, "the database is closed");
    }
    return token;
  }

  private void leave(int token) {
    calls.exit(token);
  }

  private static String text(byte[] name) {
    return new String(name, StandardCharsets.UTF_8);
  }
}
