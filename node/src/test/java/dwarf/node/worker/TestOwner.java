package dwarf.node.worker;

import dwarf.base.Cursor;
import dwarf.base.RecordType;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.memtable.ImageIdentity;
import dwarf.memtable.MemTable;
import dwarf.memtable.SealPlan;
import dwarf.memtable.SealSpec;
import dwarf.memtable.ShardPolicy;
import dwarf.memtable.SlabPool;
import dwarf.protocol.ClientOptions;
import dwarf.protocol.FlushResult;
import dwarf.protocol.FlushTask;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.MemtableShards;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardKey;
import dwarf.protocol.SstFileInfo;
import dwarf.protocol.TaskStatus;
import dwarf.storage.RocksOptions;
import dwarf.storage.SstStore;
import dwarf.storage.SstSummary;
import dwarf.storage.SstVerifier;
import dwarf.storage.StoreOptions;
import dwarf.storage.StoreSnapshot;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Plays the owner of a database towards a memory node and its workers. */
final class TestOwner implements AutoCloseable {

  static final long EPOCH = 1;
  private static final int FAMILY = 0;

  final UUID database = UUID.randomUUID();
  final MemoryNodeClient client;
  final Path stage;
  private final Path root;
  private final SstStore store;
  private final String optionsFile;
  private long sequence = 1;
  private long memtables;
  private int tasks;

  TestOwner(Path root, Fabric fabric, FabricAddress node) throws IOException {
    this.root = root;
    this.client = new MemoryNodeClient(fabric, node, ClientOptions.DEFAULTS);
    Path db = root.resolve("db");
    this.stage = Files.createDirectories(db.resolve("dwarf/epochs/" + EPOCH + "/stage"));
    Files.writeString(db.resolve("dwarf/IDENTITY"), database + "\n1\n");
    this.store = SstStore.open(db, StoreOptions.createIfMissing(RocksOptions.defaults()));
    Path options = store.copyOptions(db.resolve("dwarf/epochs/" + EPOCH + "/OPTIONS-copy"));
    this.optionsFile = root.relativize(options).toString();
    client.attach(database, EPOCH, 0);
  }

  /** Seals rows (null: deletion) as the next memtable and ships its shards. */
  MemtableShards ship(SortedMap<String, String> rows, int shards) {
    long first = sequence;
    try (SlabPool pool = new SlabPool(64 << 20, 1 << 20)) {
      MemTable memtable = fill(new MemTable(pool, 32 << 20, first), rows);
      long last = sequence - 1;
      long id = ++memtables;
      ImageIdentity identity = new ImageIdentity(database, EPOCH, FAMILY, id, first, last);
      ShardPolicy policy = new ShardPolicy(shards, 1);
      SealPlan plan = SealPlan.of(memtable, new SealSpec(identity, new long[0], policy, 4096, 10));
      List<RemoteShard> shipped = new ArrayList<>();
      for (int shard = 0; shard < plan.shardCount(); shard++) {
        shipped.add(ship(plan, new ShardKey(FAMILY, id, shard)));
      }
      memtable.release();
      return new MemtableShards(id, first, last, shipped);
    }
  }

  private MemTable fill(MemTable memtable, SortedMap<String, String> rows) {
    long bytes = 0;
    for (Map.Entry<String, String> row : rows.entrySet()) {
      long value = row.getValue() == null ? 0 : row.getValue().length();
      bytes += MemTable.recordBytes(row.getKey().length(), value);
    }
    if (!memtable.prepare(bytes, rows.size())) {
      throw new AssertionError("the test's rows do not fit a memtable");
    }
    for (Map.Entry<String, String> row : rows.entrySet()) {
      boolean delete = row.getValue() == null;
      memtable.add(
          sequence++,
          delete ? RecordType.DELETE : RecordType.PUT,
          bytes(row.getKey()),
          bytes(delete ? "" : row.getValue()));
    }
    memtable.publish();
    return memtable;
  }

  private RemoteShard ship(SealPlan plan, ShardKey key) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment image = arena.allocate(plan.imageBytes(key.shard()), Long.BYTES);
      plan.gather(key.shard(), image);
      RemoteShard open = client.allocate(database, EPOCH, key, image.byteSize());
      client.writeAsync(open, 0, image).join();
      return client.seal(database, EPOCH, open);
    }
  }

  FlushTask task(String start, String end, List<MemtableShards> newestFirst) {
    return new FlushTask(
        database,
        EPOCH,
        FAMILY,
        "default",
        9,
        tasks++,
        UUID.randomUUID(),
        root.relativize(stage).toString(),
        optionsFile,
        start == null ? null : start.getBytes(StandardCharsets.UTF_8),
        end == null ? null : end.getBytes(StandardCharsets.UTF_8),
        newestFirst);
  }

  boolean submit(FlushTask task) {
    return client.submit(task, Double.POSITIVE_INFINITY).placed();
  }

  TaskStatus await(FlushTask task) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      TaskStatus status = client.await(task.attempt(), Duration.ofSeconds(1));
      if (!(status instanceof TaskStatus.Running)) {
        return status;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the task does not end");
      }
    }
  }

  /** Verifies and ingests results, in order of their tasks, and reads everything back. */
  SortedMap<String, String> install(List<FlushResult> results) {
    List<Path> files = new ArrayList<>();
    for (FlushResult result : results) {
      for (SstFileInfo file : result.files()) {
        Path path = stage.resolve(file.name());
        SstVerifier.verify(
            path,
            new SstSummary(
                path, file.bytes(), file.entries(), file.smallest(), file.largest(), file.crc32c()),
            true);
        files.add(path);
      }
    }
    store.ingest(FAMILY, files);
    SortedMap<String, String> rows = new TreeMap<>();
    try (StoreSnapshot now = store.snapshot();
        Cursor cursor = now.reader(FAMILY).cursor(null, null)) {
      for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
        rows.put(text(cursor.key()), text(cursor.value()));
      }
    }
    return rows;
  }

  /** Names of what lies in the staging directory. */
  List<String> staged() {
    return Arrays.asList(stage.toFile().list());
  }

  @Override
  public void close() {
    client.close();
    store.close();
  }

  private static MemorySegment bytes(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(MemorySegment bytes) {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }
}
