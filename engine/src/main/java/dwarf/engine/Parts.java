package dwarf.engine;

import dwarf.engine.commit.CommitQueue;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Memtables;
import dwarf.engine.commit.Progress;
import dwarf.engine.commit.WritePath;
import dwarf.engine.flush.FlushCoordinator;
import dwarf.engine.flush.Installer;
import dwarf.engine.flush.Stage;
import dwarf.engine.log.WriteLog;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.Views;
import dwarf.storage.SstStore;
import dwarf.wal.owner.Ownership;

/** The parts of an open database that calls go to, as {@link Opening} has put them together. */
record Parts(
    Resources resources,
    Ownership ownership,
    SstStore store,
    Statistics statistics,
    Health health,
    Progress progress,
    Views views,
    Memtables memtables,
    WriteLog log,
    WritePath writePath,
    CommitQueue queue,
    Stage stage,
    Installer installer,
    FlushCoordinator flush,
    Readers readers) {}
