package dwarf.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/** A database and its model, driven by one seeded stream of operations. */
final class ModelRun implements AutoCloseable {

  private final Path directory;
  private final ModelConfig config;
  private final Random random;
  private final TestCluster cluster;
  private final Map<String, TreeMap<byte[], byte[]>> model = new HashMap<>();
  private final List<ModelSnapshot> snapshots = new ArrayList<>();
  private DwarfDB db;

  /** A snapshot and what the model was when it was taken. */
  private record ModelSnapshot(Snapshot snapshot, Map<String, TreeMap<byte[], byte[]>> state) {}

  ModelRun(Path directory, ModelConfig config, long seed) {
    this.directory = directory;
    this.config = config;
    this.random = new Random(seed * 31 + 7);
    this.cluster = TestCluster.start(config.transport(), directory, config.workers(), 64L << 20);
    model.put("default", newMap());
    open();
  }

  private static TreeMap<byte[], byte[]> newMap() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  private void open() {
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(config.writeBufferSize())
            .setMaxWriteBufferNumber(config.writeBuffers())
            .setMaxShards(config.shards())
            .setMinWriteBufferNumberToMerge(config.waitingToFlush())
            .setPoolSize(config.poolSize())
            .setReadCacheBytes(config.readCache())
            .setStorageRoot(directory)
            .setMemoryNode(cluster.address());
    db = DwarfDB.open(directory.resolve("db"), options);
  }

  void step() {
    int dice = random.nextInt(1000);
    if (dice < 430) {
      put();
    } else if (dice < 520) {
      delete();
    } else if (dice < 640) {
      batch();
    } else if (dice < 820) {
      get();
    } else if (dice < 860) {
      multiGet();
    } else if (dice < 930) {
      iterate();
    } else if (dice < 950) {
      takeSnapshot();
    } else if (dice < 970) {
      readSnapshot();
    } else if (dice < 980) {
      db.flush();
    } else if (dice < 990) {
      families();
    } else if (dice < 996) {
      reopen();
    } else {
      db.compactRange(db.getDefaultColumnFamily());
    }
  }

  private String anyFamily() {
    List<String> names = new ArrayList<>(model.keySet());
    names.sort(null);
    return names.get(random.nextInt(names.size()));
  }

  private ColumnFamilyHandle handle(String family) {
    return db.getColumnFamily(family.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] anyKey() {
    int number = random.nextInt(config.keys());
    if (number == 0) {
      return new byte[0];
    }
    int skewed = random.nextInt(4) == 0 ? number % 5 : number;
    return (skewed % 3 == 0 ? "user/profile/" + skewed : Integer.toHexString(skewed * 7919))
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] anyValue() {
    byte[] value = new byte[random.nextInt(20) == 0 ? 0 : random.nextInt(config.maxValue())];
    random.nextBytes(value);
    return value;
  }

  private void put() {
    String family = anyFamily();
    byte[] key = anyKey();
    byte[] value = anyValue();
    db.put(handle(family), new WriteOptions().setSync(random.nextInt(50) == 0), key, value);
    model.get(family).put(key, value);
  }

  private void delete() {
    String family = anyFamily();
    byte[] key = anyKey();
    db.delete(handle(family), key);
    model.get(family).remove(key);
  }

  private void batch() {
    WriteBatch batch = new WriteBatch();
    int records = 1 + random.nextInt(30);
    for (int i = 0; i < records; i++) {
      String family = anyFamily();
      byte[] key = anyKey();
      if (random.nextInt(4) == 0) {
        batch.delete(handle(family), key);
        model.get(family).remove(key);
      } else {
        byte[] value = anyValue();
        batch.put(handle(family), key, value);
        model.get(family).put(key, value);
      }
    }
    db.write(new WriteOptions(), batch);
  }

  private void get() {
    String family = anyFamily();
    byte[] key = anyKey();
    assertThat(db.get(handle(family), key)).isEqualTo(model.get(family).get(key));
  }

  private void multiGet() {
    String family = anyFamily();
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      keys.add(anyKey());
    }
    List<byte[]> found = db.multiGetAsList(handle(family), new ReadOptions(), keys);
    for (int i = 0; i < keys.size(); i++) {
      assertThat(found.get(i)).isEqualTo(model.get(family).get(keys.get(i)));
    }
  }

  private void iterate() {
    String family = anyFamily();
    walk(family, new ReadOptions(), model.get(family));
  }

  /** A random walk: seeks, steps both ways, bounds; every position is compared. */
  private void walk(String family, ReadOptions options, TreeMap<byte[], byte[]> expected) {
    NavigableMap<byte[], byte[]> within = expected;
    if (random.nextInt(3) == 0) {
      byte[] a = anyKey();
      byte[] b = anyKey();
      byte[] low = Arrays.compareUnsigned(a, b) <= 0 ? a : b;
      byte[] high = low == a ? b : a;
      options.setIterateLowerBound(low).setIterateUpperBound(high);
      within = expected.subMap(low, true, high, false);
    }
    try (DwarfIterator it = db.newIterator(handle(family), options)) {
      Map.Entry<byte[], byte[]> at = seek(it, within);
      for (int i = 0; i < 30 && at != null; i++) {
        if (random.nextInt(5) == 0) {
          at = seek(it, within);
        } else if (random.nextInt(3) == 0) {
          it.prev();
          at = within.lowerEntry(at.getKey());
        } else {
          it.next();
          at = within.higherEntry(at.getKey());
        }
        compare(it, at);
      }
    }
  }

  private Map.Entry<byte[], byte[]> seek(DwarfIterator it, NavigableMap<byte[], byte[]> within) {
    byte[] key = anyKey();
    Map.Entry<byte[], byte[]> at;
    switch (random.nextInt(4)) {
      case 0 -> {
        it.seekToFirst();
        at = within.firstEntry();
      }
      case 1 -> {
        it.seekToLast();
        at = within.lastEntry();
      }
      case 2 -> {
        it.seek(key);
        at = within.ceilingEntry(key);
      }
      default -> {
        it.seekForPrev(key);
        at = within.floorEntry(key);
      }
    }
    compare(it, at);
    return at;
  }

  private static void compare(DwarfIterator it, Map.Entry<byte[], byte[]> expected) {
    assertThat(it.isValid()).isEqualTo(expected != null);
    if (expected != null) {
      assertThat(it.key()).isEqualTo(expected.getKey());
      assertThat(it.value()).isEqualTo(expected.getValue());
    }
  }

  private void takeSnapshot() {
    if (snapshots.size() < 4) {
      Map<String, TreeMap<byte[], byte[]>> copy = new HashMap<>();
      model.forEach((family, map) -> copy.put(family, new TreeMap<>(map)));
      snapshots.add(new ModelSnapshot(db.getSnapshot(), copy));
    }
  }

  private void readSnapshot() {
    if (snapshots.isEmpty()) {
      return;
    }
    int which = random.nextInt(snapshots.size());
    ModelSnapshot taken = snapshots.get(which);
    String family = anyFamily();
    if (taken.state().containsKey(family)) {
      TreeMap<byte[], byte[]> then = taken.state().get(family);
      ReadOptions options = new ReadOptions().setSnapshot(taken.snapshot());
      for (int i = 0; i < 5; i++) {
        byte[] key = anyKey();
        assertThat(db.get(handle(family), options, key)).isEqualTo(then.get(key));
      }
      walk(family, options, then);
    }
    if (random.nextInt(3) == 0) {
      taken.snapshot().close();
      snapshots.remove(which);
    }
  }

  private void families() {
    String name = "family" + random.nextInt(3);
    if (model.containsKey(name)) {
      db.dropColumnFamily(handle(name));
      model.remove(name);
      snapshots.forEach(taken -> taken.state().remove(name));
    } else {
      db.createColumnFamily(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8)));
      model.put(name, newMap());
    }
  }

  void reopen() {
    snapshots.forEach(taken -> taken.snapshot().close());
    snapshots.clear();
    db.close();
    open();
  }

  /** Every family, key by key, forwards and backwards. */
  void compareEverything() {
    for (Map.Entry<String, TreeMap<byte[], byte[]>> family : model.entrySet()) {
      try (DwarfIterator it = db.newIterator(handle(family.getKey()))) {
        it.seekToFirst();
        for (Map.Entry<byte[], byte[]> entry : family.getValue().entrySet()) {
          compare(it, entry);
          it.next();
        }
        compare(it, null);
        it.seekToLast();
        for (Map.Entry<byte[], byte[]> entry : family.getValue().descendingMap().entrySet()) {
          compare(it, entry);
          it.prev();
        }
        compare(it, null);
      }
    }
  }

  @Override
  public void close() {
    if (db != null) {
      db.close();
    }
    cluster.close();
  }
}
