package dwarf.engine.flush;

import dwarf.base.DwarfException;
import dwarf.base.StepListener;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Progress;
import dwarf.engine.dm.DmNode;
import dwarf.engine.dm.Signals;
import dwarf.engine.log.WriteLog;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableId;
import dwarf.engine.view.Views;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.memtable.MemTable;
import dwarf.memtable.SlabPool;
import dwarf.node.memory.MemoryNode;
import dwarf.node.memory.MemoryNodeConfig;
import dwarf.protocol.ClientOptions;
import dwarf.protocol.FlushResult;
import dwarf.protocol.FlushTask;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.WorkerInfo;
import dwarf.storage.RocksOptions;
import dwarf.storage.SstStore;
import dwarf.storage.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The flush path of a database on a memory node of its own, without the rest of an engine: no lease
 * keeper, no offload. The memtables are empty ones in disaggregated memory, ten sequence numbers
 * each; the worker is whatever the test does with {@link #takeTask}.
 */
final class FlushFixture implements AutoCloseable {

  static final int FAMILY = 0;
  static final long EPOCH = 1;
  static final int SEQUENCES = 10;
  private static final int BUFFER = 64 << 10;
  static final Duration PATIENCE = Duration.ofSeconds(20);

  final UUID database = UUID.randomUUID();
  final Health health = new Health();
  final Statistics statistics = new Statistics();
  final Signals signals;
  final Fabric fabric = Fabrics.open(FabricAddress.INPROC);
  final MemoryNode node;
  final DmNode dm;
  final MemoryNodeClient worker;
  final Views views;
  final Stage stage;
  final FlushCoordinator flush;
  private final SstStore store;
  private final SlabPool pool = new SlabPool(4 * BUFFER, BUFFER / 4);
  private final Path stageDirectory;
  private final ExecutorService background = Executors.newSingleThreadExecutor();

  /** The time of everything about attempts. */
  final AtomicLong clock = new AtomicLong();

  private long workerId;
  private int memtables;

  FlushFixture(Path root) {
    this(root, StepListener.NONE);
  }

  FlushFixture(Path root, StepListener steps) {
    signals = new Signals(new Progress(), health, statistics, steps);
    node =
        MemoryNode.start(
            MemoryNodeConfig.of(
                fabric, FabricAddress.inproc("flush-" + UUID.randomUUID()), 1 << 20));
    worker = client();
    dm = new DmNode(client(), database, EPOCH, 0, background);
    dm.attach();
    store =
        SstStore.open(root.resolve("rocks"), StoreOptions.createIfMissing(RocksOptions.defaults()));
    stageDirectory = created(root.resolve("stage"));
    stage = new Stage(stageDirectory, root, new Stage.Identity(database, 1, EPOCH));
    stage.prepare(store);
    views = new Views(store.snapshot(), () -> 0);
    Installer installer =
        new Installer(
            new Installer.Disk(
                store, stage, new WriteLog(statistics, BUFFER, false), new NoIntents()),
            views,
            signals);
    installer.addFamily(FAMILY, "default", 0);
    TaskRunner tasks =
        new TaskRunner(
            dm,
            stage,
            new LocalTasks(dm, store, stage, signals, BUFFER),
            new RemoteTasks(dm, stage, health, PATIENCE, clock::get),
            signals,
            new TaskRunner.Limits(1, () -> false));
    flush =
        new FlushCoordinator(
            views,
            new FlushCoordinator.Policy(1000, () -> false, () -> false, BUFFER, PATIENCE, BUFFER),
            tasks,
            installer,
            signals);
  }

  private static Path created(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MemoryNodeClient client() {
    return new MemoryNodeClient(fabric, node.address(), ClientOptions.DEFAULTS);
  }

  LogSource newLog(long first) {
    MemtableId id = new MemtableId(FAMILY, first, first);
    MemTable table = new MemTable(pool, BUFFER, first);
    return new LogSource(id, table, statistics, () -> {});
  }

  /** So many memtables in DM behind an empty active one; the last sequence they cover. */
  long fill(int count) {
    List<DmSource> newestFirst = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long first = 1 + (long) SEQUENCES * memtables++;
      MemtableId id = new MemtableId(FAMILY, first, first);
      newestFirst.addFirst(
          new DmSource(
              new DmSource.SealedRange(id, first + SEQUENCES - 1, false), List.of(), h -> {}));
    }
    long last = (long) SEQUENCES * memtables;
    views.addFamily(FAMILY, newLog(last + 1));
    views.attach(FAMILY, newestFirst);
    return last;
  }

  /** The memory node learns of a newer owner. */
  void attachNewerEpoch() {
    worker.attach(database, EPOCH + 1, 0);
  }

  void registerWorker() {
    WorkerInfo info = new WorkerInfo("test", 8, 0, SstStore.rocksVersion(), WorkerInfo.BYTEWISE);
    workerId = worker.register(info).worker();
  }

  /** The next task placed on the test's worker. */
  FlushTask takeTask() {
    return worker.take(workerId, PATIENCE).orElseThrow();
  }

  void complete(FlushTask task) {
    worker.complete(
        workerId, task.attempt(), new FlushResult(task.attempt(), "test", List.of(), 0, 0));
  }

  void fail(FlushTask task, DwarfException.Kind kind) {
    worker.fail(workerId, task.attempt(), kind, "on purpose");
  }

  /** Writes something into the stage under the name of one of the attempt's files. */
  void stageFile(FlushTask task, int ordinal) {
    String name =
        "%d-%d-%d-%s-%d.dsst"
            .formatted(task.epoch(), task.job(), task.task(), task.attempt(), ordinal);
    try {
      Files.write(stageDirectory.resolve(name), new byte[100], StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the SST files in the stage. */
  List<String> staged() {
    try (Stream<Path> files = Files.list(stageDirectory)) {
      return files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".dsst")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    health.close();
    flush.close();
    views.close();
    background.close();
    store.close();
    dm.close();
    worker.close();
    node.close();
    fabric.close();
    pool.close();
  }

  /** There is no owner here who could keep them. */
  private static final class NoIntents implements Installer.Intents {

    @Override
    public void keep(InstallIntent intent) {}

    @Override
    public void clear() {}
  }
}
