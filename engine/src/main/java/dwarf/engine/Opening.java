package dwarf.engine;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.engine.commit.Background;
import dwarf.engine.commit.CommitQueue;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.LogSync;
import dwarf.engine.commit.Memtables;
import dwarf.engine.commit.Progress;
import dwarf.engine.commit.VisibleSequence;
import dwarf.engine.commit.WritePath;
import dwarf.engine.dm.Disaggregation;
import dwarf.engine.dm.DmNode;
import dwarf.engine.dm.MemoryRoom;
import dwarf.engine.dm.Signals;
import dwarf.engine.flush.FlushCoordinator;
import dwarf.engine.flush.Installer;
import dwarf.engine.flush.LocalTasks;
import dwarf.engine.flush.LogLimit;
import dwarf.engine.flush.MemoryPressure;
import dwarf.engine.flush.PressureWatch;
import dwarf.engine.flush.RemoteTasks;
import dwarf.engine.flush.Stage;
import dwarf.engine.flush.TaskRunner;
import dwarf.engine.flush.TierPressure;
import dwarf.engine.log.WriteLog;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.Views;
import dwarf.memtable.SlabPool;
import dwarf.storage.Family;
import dwarf.storage.FamilySpec;
import dwarf.storage.FlushMarker;
import dwarf.storage.SstStore;
import dwarf.storage.StoreOptions;
import dwarf.wal.owner.ClaimOptions;
import dwarf.wal.owner.DatabaseDirectory;
import dwarf.wal.owner.Ownership;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens a database: claims it, puts the parts together, and recovers.
 *
 * <p>Recovery in this order: own the directory (a new epoch), open the SST tier, read each family's
 * flush marker, take over the sealed memtables that disaggregated memory still has and that
 * continue the marker, replay the WAL above those. Offload and flush run during the replay, so it
 * needs no more memory than normal operation. Nothing is served before it has ended.
 *
 * <p>O1. Whatever was opened is closed again if a later step fails. O2. The next sequence number is
 * above everything that the markers, the WAL and disaggregated memory hold.
 */
final class Opening {

  private static final long TARGET_FILE_BYTES = 64L << 20;
  private static final long DELAYED_WRITE_RATE = 16L << 20;
  private static final Duration TASK_PATIENCE = Duration.ofMinutes(10);

  private final Path path;
  private final Options options;
  private final Sizes sizes;
  private final List<ColumnFamilyDescriptor> descriptors;
  private final Resources resources = new Resources();
  private final Statistics statistics = new Statistics();
  private final Progress progress = new Progress();
  private final Health health = new Health();
  private final VisibleSequence visible = new VisibleSequence();
  private final Signals signals;

  private Ownership ownership;
  private SstStore store;
  private Stage stage;
  private SlabPool pool;
  private Views views;
  private Memtables memtables;
  private WriteLog log;
  private WritePath writePath;
  private Disaggregation dm;
  private Installer installer;
  private FlushCoordinator flush;
  private boolean recovered;

  Opening(Path path, Options options, List<ColumnFamilyDescriptor> descriptors) {
    this.path = path.toAbsolutePath().normalize();
    this.options = options;
    this.sizes = new Sizes(options);
    this.descriptors = List.copyOf(descriptors);
    this.signals = new Signals(progress, health, statistics, options.stepListener());
  }

  static List<byte[]> listColumnFamilies(Path path) {
    return SstStore.listFamilies(path);
  }

  Database open() {
    long start = System.nanoTime();
    try {
      claimAndOpenStore();
      buildMemory();
      buildDisaggregation();
      buildFlush();
      long attached = takeOverMemtables();
      startBackground();
      recoverLog(attached);
      Database database = new Database(parts(), new Families(store.families()));
      registerGauges();
      statistics.add(Counter.RECOVERY_MICROS, (System.nanoTime() - start) / 1000);
      return database;
    } catch (RuntimeException e) {
      closeAfter(e);
      throw e;
    }
  }

  private void closeAfter(RuntimeException failure) {
    health.close();
    progress.signal();
    try {
      resources.close();
    } catch (DwarfException e) {
      failure.addSuppressed(e);
    }
  }

  private void claimAndOpenStore() {
    ownership =
        resources.add(
            DatabaseDirectory.claim(
                path,
                new ClaimOptions(
                    options.createIfMissing(),
                    options.errorIfExists(),
                    options.takeOver(),
                    Clock.SYSTEM,
                    options.ownershipLease())));
    List<FamilySpec> specs =
        descriptors.stream().map(d -> new FamilySpec(d.name(), d.options())).toList();
    store =
        resources.add(
            new TierOpening(
                    ownership,
                    new StoreOptions(
                        options.rocksOptions(),
                        specs,
                        options.createIfMissing(),
                        options.errorIfExists(),
                        options.createMissingColumnFamilies()))
                .open());
    stage =
        new Stage(
            ownership.stageDirectory(),
            storageRoot(),
            new Stage.Identity(ownership.database(), ownership.incarnation(), ownership.epoch()));
    stage.prepare(store);
  }

  private Path storageRoot() {
    Path root = options.storageRoot() == null ? path.getParent() : options.storageRoot();
    Path absolute = root.toAbsolutePath().normalize();
    if (!path.startsWith(absolute)) {
      throw DwarfException.invalid(
          "the database " + path + " is not below the storage root " + absolute);
    }
    return absolute;
  }

  private void buildMemory() {
    pool = resources.add(sizes.newMemtablePool());
    views = new Views(store.snapshot(), visible);
    resources.add(views);
    memtables =
        new Memtables(
            new Memtables.Memory(pool, options.writeBufferSize()),
            views,
            statistics,
            progress,
            ownership.epoch() << 32);
    log = new WriteLog(statistics, sizes.walSegmentBytes(), options.manualWalFlush());
    resources.add(this::closeLog);
  }

  /** The log last of all that writes; only then can the directory be called cleanly closed. */
  private void closeLog() {
    log.close();
    if (!health.isFailed() && recovered) {
      ownership.closeClean(log.durableThrough());
    }
  }

  private void buildDisaggregation() {
    if (options.poolSize() == 0) {
      return;
    }
    dm =
        resources.add(
            new Disaggregation(
                new Disaggregation.Config(
                    options.memoryNode(),
                    storageRoot(),
                    sizes.disaggregatedBytes(),
                    options.memoryNodeGrace()),
                ownership.database(),
                ownership.epoch()));
    SlabPool rebuildPool = resources.add(sizes.newRebuildPool());
    dm.assemble(
        views,
        new Disaggregation.LocalMemory(
            pool, rebuildPool, options.writeBufferSize(), sizes.shards()),
        log,
        signals);
  }

  private DmNode node() {
    return dm == null ? null : dm.node();
  }

  private void buildFlush() {
    installer =
        new Installer(
            new Installer.Disk(store, stage, log, new KeptIntents(ownership)), views, signals);
    TaskRunner tasks =
        new TaskRunner(
            node(),
            stage,
            new LocalTasks(node(), store, stage, signals, TARGET_FILE_BYTES),
            new RemoteTasks(node(), stage, health, TASK_PATIENCE, Clock.SYSTEM),
            signals,
            new TaskRunner.Limits(options.maxFlushTasks(), this::isMemoryShort));
    flush =
        new FlushCoordinator(
            views,
            new FlushCoordinator.Policy(
                options.minWriteBufferNumberToMerge(),
                this::isMemoryShort,
                () -> dm != null && dm.isTaking(),
                sizes.snapshotBytes(),
                options.maxWriteStall(),
                options.writeBufferSize() / 2),
            tasks,
            installer,
            signals);
  }

  private boolean isMemoryShort() {
    boolean frozenHere = memtables.localFrozen() > 0;
    boolean localStuck = frozenHere && (dm == null || dm.isRefusing());
    return localStuck || (dm != null && dm.isShort());
  }

  /** Takes over what is in DM and opens each family's active memtable; the highest sequence. */
  private long takeOverMemtables() {
    Map<Integer, Long> flushed = new HashMap<>();
    for (Family family : store.families()) {
      long through = store.readMarker(family.id()).map(this::checked).orElse(0L);
      flushed.put(family.id(), through);
      installer.addFamily(family.id(), new String(family.name(), StandardCharsets.UTF_8), through);
    }
    Map<Integer, List<DmSource>> attached = dm == null ? Map.of() : dm.attach(flushed);
    long highest = 0;
    for (Map.Entry<Integer, Long> family : flushed.entrySet()) {
      List<DmSource> taken = attached.getOrDefault(family.getKey(), List.of());
      long through = taken.isEmpty() ? family.getValue() : taken.getLast().lastSequence();
      memtables.addFamily(family.getKey(), through + 1);
      if (!taken.isEmpty()) {
        views.attach(family.getKey(), taken.reversed());
        statistics.add(Counter.MEMTABLES_REATTACHED, taken.size());
      }
      highest = Math.max(highest, through);
    }
    return highest;
  }

  private long checked(FlushMarker marker) {
    if (!marker.database().equals(ownership.database())) {
      throw DwarfException.corruption(
          path
              + ": the SST files belong to database "
              + marker.database()
              + ", the directory to "
              + ownership.database()
              + "; directories were mixed up, restore one of them");
    }
    return marker.flushedThrough();
  }

  private void startBackground() {
    PressureWatch pressure =
        new PressureWatch(
            new PressureWatch.Causes(
                new MemoryPressure(
                    this::room, options.writeBufferSize(), flush.pace(), Clock.SYSTEM),
                new TierPressure(store, options.maxFlushTasks(), DELAYED_WRITE_RATE)),
            store,
            progress,
            health);
    resources.add(pressure).start();
    writePath =
        new WritePath(
            memtables,
            new Background(
                pressure,
                health,
                progress,
                () -> dm != null && dm.isRefusing(),
                () -> dm == null ? Long.MAX_VALUE : dm.fillLimit(),
                options.maxWriteStall(),
                installer::flushedThrough,
                statistics),
            log,
            ownership::check,
            visible);
    flush.start();
    resources.add(flush);
    if (dm != null) {
      dm.start();
      resources.add(dm::stop);
    }
  }

  private MemoryPressure.Room room() {
    return new MemoryPressure.Room(
        new MemoryRoom(pool.available(), pool.capacity()),
        dm == null ? MemoryRoom.NONE : dm.room());
  }

  private void recoverLog(long attached) {
    Map<Integer, Long> replayAbove = new HashMap<>();
    views
        .current()
        .families()
        .values()
        .forEach(
            family -> replayAbove.put(family.family(), family.active().id().firstSequence() - 1));
    long last =
        log.recover(
            ownership,
            options.walRecoveryMode(),
            installer.flushedThrough(),
            (sequence, type, family, key, value) -> {
              Long above = replayAbove.get(family);
              if (above != null && sequence > above) {
                writePath.replay(sequence, type, family, key, value);
                statistics.increment(Counter.RECOVERY_RECORDS);
              }
            });
    recovered = true;
    writePath.startAfter(Math.max(last, Math.max(attached, writePath.lastAssigned())));
  }

  private Parts parts() {
    return new Parts(
        resources,
        ownership,
        store,
        statistics,
        health,
        progress,
        views,
        memtables,
        log,
        writePath,
        queue(),
        stage,
        installer,
        flush,
        Readers.of(views, dm, options, signals));
  }

  private CommitQueue queue() {
    CommitQueue queue = new CommitQueue(writePath);
    LogLimit watch =
        new LogLimit(
            sizes.maxTotalWalBytes(),
            log,
            views,
            flush,
            new LogLimit.Freezing(queue, memtables, writePath),
            health);
    resources.add(watch).start();
    resources.add(new LogSync(writePath, log, progress, health)).start();
    return queue;
  }

  private void registerGauges() {
    statistics.gauge("memory.local.bytes", pool::used);
    statistics.gauge("memory.local.resident.bytes", pool::resident);
    statistics.gauge("memory.local.pinned.bytes", pool::pinned);
    statistics.gauge("memory.local.capacity.bytes", pool::capacity);
    statistics.gauge("memory.dm.bytes", views::dmBytes);
    statistics.gauge("memory.dm.memtables", () -> MemoryGauges.dmMemtables(views));
    statistics.gauge("memory.snapshots.bytes", views::snapshotBytes);
    statistics.gauge("memory.index.bytes", () -> MemoryGauges.indexBytes(views));
    statistics.gauge("memory.send.bytes", () -> dm == null ? 0 : dm.sendBytes());
    statistics.gauge("memtables.local.frozen", memtables::localFrozen);
    statistics.gauge("wal.live.bytes", log::bytes);
    statistics.gauge("wal.durable.sequence", log::durableThrough);
  }
}
