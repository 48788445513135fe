package dwarf.storage;

import dwarf.base.DwarfException;
import dwarf.base.Keys;
import dwarf.base.ReadGate;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * One RocksDB database as the resting place of flushed data.
 *
 * <p>T1. Data enters only by {@link #ingest}: RocksDB's memtables are empty from open to close, so
 * an ingest never overlaps one. T2. The reserved marker key is invisible to gets and cursors; only
 * {@link #readMarker} sees it. T3. Every native object is used inside a {@link UseGuard}; after
 * {@link #close} every call is a CLOSED error. A read through a snapshot ({@link FamilyReader})
 * passes a {@link ReadGate} instead, where it looks whether snapshot and family are open; who
 * closes either has said so and then waits there. So a get pays for one gate instead of a guard for
 * each. T4. RocksDB's LOCK file is never touched: opening and closing it anywhere in this JVM would
 * drop the lock.
 *
 * <p>Any thread may call anything. Ingests run one at a time, because the order of two concurrent
 * ones would be undefined. Close order: new calls are refused, running ones end, then cursors,
 * snapshots, family handles, the database, its options.
 */
public final class SstStore implements AutoCloseable {

  private final Path dir;
  private final RocksDB db;
  private final DBOptions nativeOptions;
  private final Map<Integer, FamilyHandle> families = new ConcurrentHashMap<>();
  private final Set<StoreSnapshot> snapshots = ConcurrentHashMap.newKeySet();
  private final UseGuard guard;
  private final ReadGate gate = new ReadGate();
  private final StoreCursors cursors;
  private final FamilyReader.Source reads;
  private final ReentrantLock ddlLock = new ReentrantLock();
  private final ReentrantLock closeLock = new ReentrantLock();
  private final Ingester ingester;

  private SstStore(Path dir, StoreOpener.Opened opened) {
    this.dir = dir;
    this.db = opened.db();
    this.nativeOptions = opened.nativeOptions();
    this.guard = new UseGuard("the store in " + dir);
    this.cursors = new StoreCursors(db, guard);
    this.reads = new FamilyReader.Source(dir, db, guard, gate, new GetCalls(db), cursors);
    this.ingester = new Ingester(db);
    opened.families().forEach(family -> families.put(family.family().id(), family));
  }

  /** Opens every existing family, and those the options ask to create. */
  public static SstStore open(Path rocksDir, StoreOptions options) {
    return new SstStore(rocksDir, StoreOpener.open(rocksDir, options, false));
  }

  /**
   * Makes a database whose newest files are missing openable again, by going back to the newest
   * state whose files are all there (RocksDB's best-efforts recovery). Changes the directory.
   *
   * @return what each family is flushed through then, 0 without a marker
   */
  public static Map<Integer, Long> recoverBestEfforts(Path rocksDir) {
    try (SstStore store =
        new SstStore(rocksDir, StoreOpener.open(rocksDir, StoreOptions.existing(), true))) {
      Map<Integer, Long> flushed = new HashMap<>();
      for (Family family : store.families()) {
        long through = store.readMarker(family.id()).map(FlushMarker::flushedThrough).orElse(0L);
        flushed.put(family.id(), through);
      }
      return flushed;
    }
  }

  public static boolean existsDatabase(Path dir) {
    return StoreOpener.existsDatabase(dir);
  }

  /** The names of a database's families, without opening it. */
  public static List<byte[]> listFamilies(Path rocksDir) {
    return StoreOpener.listFamilies(rocksDir);
  }

  /** The version of the RocksDB library in this process. */
  public static String rocksVersion() {
    RocksDB.loadLibrary();
    return RocksDB.rocksdbVersion().toString();
  }

  public Path directory() {
    return dir;
  }

  /** The open families by ascending id. */
  public List<Family> families() {
    return families.values().stream()
        .map(FamilyHandle::family)
        .sorted(Comparator.comparingInt(Family::id))
        .toList();
  }

  public StallTriggers stallTriggers(int family) {
    return family(family).options().stallTriggers();
  }

  public Family createFamily(byte[] name, FamilyOptions options) {
    enterDdl();
    try {
      FamilyHandle created = create(name.clone(), options);
      families.put(created.family().id(), created);
      return created.family();
    } finally {
      exitDdl();
    }
  }

  /** Drops a family and its data. Cursors that are open on it go on. */
  public void dropFamily(int id) {
    enterDdl();
    try {
      FamilyHandle family = family(id);
      db.dropColumnFamily(family.handle());
      families.remove(id);
      family.guard().close();
      gate.synchronize();
      family.close();
    } catch (RocksDBException e) {
      throw StoreErrors.of("dropping column family " + id + " of " + dir, e);
    } finally {
      exitDdl();
    }
  }

  public StoreSnapshot snapshot() {
    guard.enter();
    try {
      StoreSnapshot taken = new StoreSnapshot(this, db.getSnapshot());
      snapshots.add(taken);
      return taken;
    } finally {
      guard.exit();
    }
  }

  /**
   * Closes iterators that no cursor has used since the last call but one. To be called now and
   * then: they hold files that are not needed any more.
   */
  public void closeIdleCursors() {
    guard.enter();
    try {
      snapshots.forEach(snapshot -> snapshot.idle().age(cursors::free));
    } finally {
      guard.exit();
    }
  }

  /** The family's flush marker as of now; CORRUPTION if it is damaged or another family's. */
  public Optional<FlushMarker> readMarker(int family) {
    FamilyHandle in = enter(family);
    try {
      byte[] value = db.get(in.handle(), Keys.markerKey());
      if (value == null) {
        return Optional.empty();
      }
      FlushMarker marker = FlushMarker.decode(value);
      if (marker.family() != family) {
        throw DwarfException.corruption(
            "the flush marker of " + in.family() + " belongs to family " + marker.family());
      }
      return Optional.of(marker);
    } catch (RocksDBException e) {
      throw StoreErrors.of("reading the flush marker of " + in.family() + " in " + dir, e);
    } finally {
      exit(in);
    }
  }

  /**
   * Makes all files part of the family in one atomic, durable step and moves them into the database
   * directory. Where two files overlap the later one wins.
   *
   * <p>INVALID_ARGUMENT and NOT_SUPPORTED mean that nothing happened. Any other error means that
   * the outcome is <em>unknown</em>: this store must be closed and reopened, and the marker
   * decides.
   */
  public void ingest(int family, List<Path> files) {
    FamilyHandle in = enter(family);
    try {
      in.expectRows();
      ingester.ingest(in, files);
    } finally {
      exit(in);
    }
  }

  /** A writer with exactly the options the family is open with. */
  public SstWriter openWriter(int family, Path target) {
    FamilyHandle in = enter(family);
    try {
      return SstWriter.open(nativeOptions, in.nativeOptions(), target);
    } finally {
      exit(in);
    }
  }

  /** Writes the file that holds the marker alone, to be last in an {@link #ingest}. */
  public SstSummary writeMarker(FlushMarker marker, Path target) {
    try (SstWriter writer = openWriter(marker.family(), target)) {
      writer.put(MemorySegment.ofArray(Keys.markerKey()), MemorySegment.ofArray(marker.encode()));
      return writer.finish();
    }
  }

  /** An immutable copy of the newest OPTIONS file, from which others can write files. */
  public Path copyOptions(Path target) {
    enterDdl();
    try {
      StoreFiles.copyNew(StoredOptions.latest(dir), target);
      return target;
    } catch (IOException e) {
      throw DwarfException.io("cannot copy the RocksDB options to " + target + ": " + e, e);
    } finally {
      exitDdl();
    }
  }

  /**
   * Refuses a staging directory on another file system than the database's, from which RocksDB
   * would silently copy instead of linking.
   */
  public void checkSameFileSystem(Path stageDirectory) {
    Path probe = stageDirectory.resolve("link-probe-" + UUID.randomUUID());
    Path link = dir.resolve(probe.getFileName());
    StoreFiles.createNew(probe);
    try {
      Files.createLink(link, probe);
    } catch (IOException e) {
      throw DwarfException.io(
          stageDirectory
              + " and "
              + dir
              + " must be on one file system with hard links, so that flushed files are linked and"
              + " not copied; put the whole database directory on one: "
              + e,
          e);
    } finally {
      StoreFiles.deleteQuietly(link);
      StoreFiles.deleteQuietly(probe);
    }
  }

  /** A property by RocksDB's name; null if RocksDB does not know it. */
  public String property(int family, String name) {
    FamilyHandle in = enter(family);
    try {
      return db.getProperty(in.handle(), name);
    } catch (RocksDBException e) {
      return unknownProperty(name, e);
    } finally {
      exit(in);
    }
  }

  /** A numeric property; INVALID_ARGUMENT if RocksDB does not know it. */
  public long numProperty(int family, String name) {
    FamilyHandle in = enter(family);
    try {
      return db.getLongProperty(in.handle(), name);
    } catch (RocksDBException e) {
      throw new DwarfException(
          DwarfException.Kind.INVALID_ARGUMENT, name + " is not a numeric property here", e);
    } finally {
      exit(in);
    }
  }

  /** Compacts the keys between {@code begin} and {@code end}; null for no bound. */
  public void compactRange(int family, byte[] begin, byte[] end) {
    FamilyHandle in = enter(family);
    try {
      db.compactRange(in.handle(), begin, end);
    } catch (RocksDBException e) {
      throw StoreErrors.of("compacting " + in.family() + " in " + dir, e);
    } finally {
      exit(in);
    }
  }

  /** Waits for running calls; closes open cursors and snapshots. Closing twice does nothing. */
  @Override
  public void close() {
    guard.close();
    closeLock.lock();
    try {
      if (!db.isOwningHandle()) {
        return;
      }
      ingester.cancelBackgroundWork();
      guard.awaitUnused();
      cursors.close();
      snapshots.forEach(this::free);
      families.values().forEach(FamilyHandle::close);
      families.clear();
      db.closeE();
    } catch (RocksDBException e) {
      throw StoreErrors.of("closing the SST tier in " + dir, e);
    } finally {
      db.close();
      nativeOptions.close();
      closeLock.unlock();
    }
  }

  FamilyReader reader(int family, StoreSnapshot snapshot) {
    return new FamilyReader(reads, family(family), snapshot);
  }

  void release(StoreSnapshot snapshot) {
    if (guard.tryEnter()) {
      try {
        snapshots.remove(snapshot);
        free(snapshot);
      } finally {
        guard.exit();
      }
    }
  }

  private void free(StoreSnapshot snapshot) {
    if (snapshot.claimRelease()) {
      snapshot.guard().close();
      snapshot.guard().awaitUnused();
      gate.synchronize();
      snapshot.idle().clear(cursors::free);
      db.releaseSnapshot(snapshot.nativeSnapshot());
      snapshot.nativeSnapshot().close();
      snapshot.scanOptions().close();
      snapshot.readOptions().close();
    }
  }

  private FamilyHandle create(byte[] name, FamilyOptions options) {
    ColumnFamilyOptions copy = options.copy();
    try {
      ColumnFamilyHandle handle = db.createColumnFamily(new ColumnFamilyDescriptor(name, copy));
      return new FamilyHandle(new Family(handle.getID(), name), options, copy, handle, false);
    } catch (RocksDBException e) {
      copy.close();
      throw StoreErrors.of("creating a column family in " + dir, e);
    }
  }

  /** Families and the OPTIONS file change one at a time. */
  private void enterDdl() {
    guard.enter();
    ddlLock.lock();
  }

  private void exitDdl() {
    ddlLock.unlock();
    guard.exit();
  }

  private FamilyHandle family(int id) {
    FamilyHandle family = families.get(id);
    if (family == null) {
      guard.enter();
      guard.exit();
      throw DwarfException.invalid("no column family with id " + id + " in " + dir);
    }
    return family;
  }

  private FamilyHandle enter(int id) {
    guard.enter();
    try {
      FamilyHandle family = family(id);
      family.guard().enter();
      return family;
    } catch (DwarfException e) {
      guard.exit();
      throw e;
    }
  }

  private void exit(FamilyHandle family) {
    family.guard().exit();
    guard.exit();
  }

  private static String unknownProperty(String name, RocksDBException e) {
    if (e.getStatus() != null && e.getStatus().getCode() == org.rocksdb.Status.Code.NotFound) {
      return null;
    }
    throw StoreErrors.of("reading property " + name, e);
  }
}
