package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots that are never released hold up no writer and go on seeing what they saw. */
class SnapshotMemoryTest {

  private static final int KEYS = 500;
  private static final int WRITES = 20_000;
  private static final int WRITES_PER_SNAPSHOT = 700;
  private static final List<String> FAMILIES = List.of("default", "other");

  @TempDir Path root;

  private record Seen(Snapshot snapshot, Map<String, Map<String, Integer>> versions) {}

  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 20, 64 << 20})
  void oldSnapshotsCostNoWriterAnything(long poolBytes) {
    Random random = new Random(poolBytes);
    Map<String, Map<String, Integer>> newest = new HashMap<>();
    FAMILIES.forEach(family -> newest.put(family, new HashMap<>()));
    List<Seen> held = new ArrayList<>();
    try (TestCluster cluster = TestCluster.start("tcp", root, 1, Math.max(1, poolBytes));
        DwarfDB db = open(cluster, poolBytes)) {
      for (int version = 0; version < WRITES; version++) {
        String family = FAMILIES.get(random.nextInt(10) == 0 ? 1 : 0);
        String key = "key" + random.nextInt(KEYS);
        db.put(db.getColumnFamily(bytes(family)), bytes(key), value(version));
        newest.get(family).put(key, version);
        if (version % WRITES_PER_SNAPSHOT == 0) {
          held.add(seen(db, newest));
        }
      }
      db.flush(new FlushOptions(), db.getColumnFamilies());
      assertThat(statistic(db, "memory.snapshots.bytes"))
          .isLessThanOrEqualTo(statistic(db, "memory.local.capacity.bytes") / 2);
      for (Seen one : held) {
        check(db, one);
      }
      check(db, seen(db, newest));
      held.forEach(one -> one.snapshot().close());
      Await.until("released", () -> statistic(db, "memory.snapshots.bytes") == 0);
    }
  }

  private DwarfDB open(TestCluster cluster, long poolBytes) {
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    FAMILIES.forEach(family -> families.add(new ColumnFamilyDescriptor(bytes(family))));
    Options options =
        TestData.keepInDm(cluster, root)
            .setCreateMissingColumnFamilies(true)
            .setMinWriteBufferNumberToMerge(4)
            .setMaxWriteBufferNumber(3)
            .setPoolSize(poolBytes);
    return DwarfDB.open(root.resolve("db"), options, families, new ArrayList<>());
  }

  private static byte[] value(int version) {
    return TestData.randomBytes(version, 300);
  }

  private static Seen seen(DwarfDB db, Map<String, Map<String, Integer>> newest) {
    Map<String, Map<String, Integer>> copy = new HashMap<>();
    newest.forEach((family, versions) -> copy.put(family, new HashMap<>(versions)));
    return new Seen(db.getSnapshot(), copy);
  }

  private static void check(DwarfDB db, Seen seen) {
    ReadOptions then = new ReadOptions().setSnapshot(seen.snapshot());
    seen.versions()
        .forEach(
            (family, versions) -> {
              ColumnFamilyHandle handle = db.getColumnFamily(bytes(family));
              for (int key = 0; key < KEYS; key++) {
                Integer version = versions.get("key" + key);
                assertThat(db.get(handle, then, bytes("key" + key)))
                    .as("key%d at %d", key, seen.snapshot().getSequenceNumber())
                    .isEqualTo(version == null ? null : value(version));
              }
              int rows = 0;
              try (DwarfIterator it = db.newIterator(handle, then)) {
                for (it.seekToFirst(); it.isValid(); it.next()) {
                  assertThat(it.value())
                      .isEqualTo(value(versions.get(new String(it.key(), UTF_8))));
                  rows++;
                }
              }
              assertThat(rows).isEqualTo(versions.size());
            });
  }
}
