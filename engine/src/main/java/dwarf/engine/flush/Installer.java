package dwarf.engine.flush;

import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import dwarf.engine.dm.Signals;
import dwarf.engine.log.WriteLog;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.Views;
import dwarf.jobs.SequenceRange;
import dwarf.storage.FlushMarker;
import dwarf.storage.SstStore;
import dwarf.storage.SstSummary;
import dwarf.storage.SstVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the files of a finished job part of the database, exactly once.
 *
 * <p>I4. Before the ingest the stored marker must say what the job's predecessor left; the marker
 * of this job is the last file of the one ingest call, so data and marker become visible and
 * durable in one MANIFEST edit. A repeated, late or reordered result meets a marker that does not
 * match and is refused. I5. The memtables leave the read view in the same moment as the SST
 * snapshot that holds their files arrives.
 *
 * <p>Used by the flush thread alone; {@link #flushedThrough} may be asked by anyone. Steps {@code
 * install.*}.
 */
public final class Installer {

  private static final Logger LOG = LoggerFactory.getLogger(Installer.class);

  private final SstStore store;
  private final Views views;
  private final Stage stage;
  private final WriteLog log;
  private final Signals signals;
  private final UUID database;
  private final Intents intents;
  private final Map<Integer, FamilyState> families = new ConcurrentHashMap<>();

  /** Orders an install against dropping its family. */
  private final ReentrantLock installing = new ReentrantLock();

  private record FamilyState(String name, long flushedThrough) {}

  /**
   * What the installer reads from and writes to.
   *
   * @param intents keeps the intent of an install until the log is trimmed to it
   */
  public record Disk(SstStore store, Stage stage, WriteLog log, Intents intents) {}

  /** Where intents are kept; both return when that is durable. */
  public interface Intents {

    /** In the place of the one before. */
    void keep(InstallIntent intent);

    /** Going back to before the install would now lose what the log is about to drop. */
    void clear();
  }

  public Installer(Disk disk, Views views, Signals signals) {
    this.store = disk.store();
    this.views = views;
    this.stage = disk.stage();
    this.log = disk.log();
    this.intents = disk.intents();
    this.signals = signals;
    this.database = stage.database();
  }

  public void addFamily(int family, String name, long flushedThrough) {
    families.put(family, new FamilyState(name, flushedThrough));
  }

  /** Drops the family from the SST tier, not in the middle of an install into it. */
  public void dropFamily(int family) {
    installing.lock();
    try {
      families.remove(family);
      store.dropFamily(family);
    } finally {
      installing.unlock();
    }
    signals.progress().signal();
  }

  public boolean hasFamily(int family) {
    return families.containsKey(family);
  }

  public long flushedThrough(int family) {
    FamilyState state = families.get(family);
    return state == null ? Long.MAX_VALUE : state.flushedThrough();
  }

  public Map<Integer, Long> flushedThrough() {
    Map<Integer, Long> all = new ConcurrentHashMap<>();
    families.forEach((family, state) -> all.put(family, state.flushedThrough()));
    return all;
  }

  /** A job for the memtables, from where the family is flushed now; null if it was dropped. */
  FlushJob begin(List<MemtableSource> oldestFirst, long number) {
    int family = oldestFirst.getFirst().id().family();
    FamilyState state = families.get(family);
    return state == null
        ? null
        : new FlushJob(
            family,
            state.name(),
            number,
            new SequenceRange(state.flushedThrough(), oldestFirst.getLast().lastSequence()),
            oldestFirst);
  }

  /**
   * Makes the log durable, verifies the files and puts the marker's behind them. A failure changes
   * nothing but may leave files in the stage, which {@link #discard} deletes.
   */
  List<Path> prepare(FlushJob job, List<SstSummary> files) {
    syncLog();
    List<Path> paths = new ArrayList<>();
    for (SstSummary file : files) {
      SstVerifier.verify(file.file(), file, false);
      paths.add(file.file());
    }
    signals.steps().reached("install.verified");
    Path marker = stage.newMarkerFile(job);
    store.writeMarker(markerOf(job, files), marker);
    paths.add(marker);
    intents.keep(
        new InstallIntent(
            database,
            stage.epoch(),
            job.number(),
            job.family(),
            job.lastSequence(),
            new TreeMap<>(flushedThrough())));
    signals.steps().reached("install.marker-written");
    return paths;
  }

  /**
   * All records of the job, of which other families' may be in the same batches. What is buffered
   * of the log may not fit a full disk: then nothing has happened, and it will fit some time. That
   * is why it is done before the install, whose failures end the database.
   */
  private void syncLog() {
    try {
      log.syncThrough(Long.MAX_VALUE);
    } catch (DwarfException e) {
      if (e.kind() != DwarfException.Kind.NO_SPACE) {
        signals.health().fail("WAL", e);
      }
      throw e;
    }
  }

  /** Deletes the files of a job that is not to be installed. */
  void discard(List<SstSummary> files) {
    files.forEach(file -> stage.delete(file.file()));
  }

  /** Makes the prepared files part of the database; after a failure the outcome is unknown. */
  void install(FlushJob job, List<Path> prepared) {
    installing.lock();
    try {
      if (hasFamily(job.family())) {
        installLocked(job, prepared);
      } else {
        prepared.forEach(stage::delete);
      }
    } finally {
      installing.unlock();
    }
  }

  private void installLocked(FlushJob job, List<Path> prepared) {
    checkMarker(job);
    store.ingest(job.family(), prepared);
    signals.steps().reached("install.ingested");
    families.computeIfPresent(
        job.family(), (id, state) -> new FamilyState(state.name(), job.lastSequence()));
    views.install(job.family(), job.lastSequence(), store.snapshot());
    signals.steps().reached("install.published");
    intents.clear();
    log.trim(flushedThrough());
    signals.steps().reached("install.log-trimmed");
    LOG.info(
        "job {} installed {} files through {}",
        job.number(),
        prepared.size() - 1,
        job.lastSequence());
  }

  private void checkMarker(FlushJob job) {
    Optional<FlushMarker> stored = store.readMarker(job.family());
    long through = stored.map(FlushMarker::flushedThrough).orElse(0L);
    Invariants.check(
        through == job.previousSequence(),
        "I4: family "
            + job.familyName()
            + " is flushed through "
            + through
            + ", job "
            + job.number()
            + " continues from "
            + job.previousSequence());
    stored.ifPresent(
        marker ->
            Invariants.check(
                marker.database().equals(database), "the marker belongs to this database"));
  }

  private FlushMarker markerOf(FlushJob job, List<SstSummary> files) {
    long entries = files.stream().mapToLong(SstSummary::entries).sum();
    return new FlushMarker(
        database,
        stage.incarnation(),
        stage.epoch(),
        job.family(),
        job.number(),
        job.previousSequence(),
        job.lastSequence(),
        files.size(),
        entries);
  }
}
