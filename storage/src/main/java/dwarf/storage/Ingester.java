package dwarf.storage;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/**
 * The one way into the database. A RocksDB snapshot is held across each call: without one, a
 * snapshot that a reader takes while RocksDB writes its MANIFEST would first miss the new rows and
 * later see them.
 */
final class Ingester {

  private final RocksDB db;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  Ingester(RocksDB db) {
    this.db = db;
  }

  /** Called inside the family's guard. */
  void ingest(FamilyHandle family, List<Path> files) {
    if (files.isEmpty()) {
      throw DwarfException.invalid("an ingest needs at least one file");
    }
    List<String> names = files.stream().map(Path::toString).toList();
    oneAtATime.lock();
    Snapshot held = db.getSnapshot();
    try (IngestExternalFileOptions options =
        new IngestExternalFileOptions()
            .setMoveFiles(true)
            .setSnapshotConsistency(true)
            .setAllowGlobalSeqNo(true)
            .setAllowBlockingFlush(false)
            .setWriteGlobalSeqno(false)) {
      db.ingestExternalFile(family.handle(), names, options);
    } catch (RocksDBException e) {
      throw failure(family, files, e);
    } finally {
      db.releaseSnapshot(held);
      held.close();
      oneAtATime.unlock();
    }
  }

  /** Stops compactions, but not under a running ingest, whose outcome would be unknown then. */
  void cancelBackgroundWork() {
    oneAtATime.lock();
    try {
      db.cancelAllBackgroundWork(false);
    } finally {
      oneAtATime.unlock();
    }
  }

  private static DwarfException failure(FamilyHandle family, List<Path> files, RocksDBException e) {
    Kind kind = StoreErrors.kind(e);
    String what = "ingesting " + files.size() + " files into " + family.family();
    if (kind == Kind.INVALID_ARGUMENT || kind == Kind.NOT_SUPPORTED) {
      return StoreErrors.of(what + " (nothing was ingested)", e);
    }
    return new DwarfException(
        Kind.IO_ERROR,
        what
            + " failed, and whether they are in is unknown: close the store, reopen it and let the"
            + " flush marker decide: "
            + e.getMessage(),
        e);
  }
}
