package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that share a memory node and workers see nothing of each other. */
class SharedMemoryNodeTest {

  private static final int KEYS = 500;
  private static final List<String> FAMILIES = List.of("default", "users", "orders");

  @TempDir Path root;

  private static byte[] value(String database, String family, int key) {
    byte[] text = bytes(database + "/" + family + "/" + key + "/");
    byte[] value = new byte[300];
    System.arraycopy(text, 0, value, 0, text.length);
    return value;
  }

  private DwarfDB open(TestCluster cluster, String name) {
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    FAMILIES.forEach(family -> families.add(new ColumnFamilyDescriptor(bytes(family))));
    Options options = TestData.keepInDm(cluster, root).setCreateMissingColumnFamilies(true);
    return DwarfDB.open(root.resolve(name), options, families, new ArrayList<>());
  }

  private static ColumnFamilyHandle family(DwarfDB db, String name) {
    return db.getColumnFamily(bytes(name));
  }

  private static void write(DwarfDB db, String name, int from, int to) {
    for (int key = from; key < to; key++) {
      for (String family : FAMILIES) {
        db.put(family(db, family), bytes("key" + key), value(name, family, key));
      }
    }
  }

  private static void checkAll(DwarfDB db, String name) {
    for (String family : FAMILIES) {
      for (int key = 0; key < KEYS; key++) {
        byte[] found = db.get(family(db, family), bytes("key" + key));
        assertThat(found).as("%s %s %d", name, family, key).isEqualTo(value(name, family, key));
      }
      try (DwarfIterator it = db.newIterator(family(db, family))) {
        int rows = 0;
        for (it.seekToFirst(); it.isValid(); it.next()) {
          int key = Integer.parseInt(new String(it.key(), StandardCharsets.UTF_8).substring(3));
          assertThat(it.value()).isEqualTo(value(name, family, key));
          rows++;
        }
        assertThat(rows).isEqualTo(KEYS);
      }
    }
  }

  @Test
  void twoDatabasesOfThreeFamiliesReadOnlyTheirOwn() {
    try (TestCluster cluster = TestCluster.start("tcp", root, 2, 64L << 20);
        DwarfDB b = open(cluster, "b")) {
      try (DwarfDB a = open(cluster, "a")) {
        for (int from = 0; from < KEYS; from += 100) {
          write(a, "a", from, from + 100);
          write(b, "b", from, from + 100);
        }
        Await.until("memtables of both in DM", () -> isInDm(a) && isInDm(b));
        checkAll(a, "a");
        checkAll(b, "b");
        a.flush(new FlushOptions(), a.getColumnFamilies());
        assertThat(statistic(a, "memory.dm.bytes")).isZero();
        assertThat(statistic(b, "memory.dm.bytes")).isPositive();
        checkAll(a, "a");
        checkAll(b, "b");
        write(a, "a", 0, KEYS);
      }
      checkAll(b, "b");
      try (DwarfDB a = open(cluster, "a")) {
        checkAll(a, "a");
        a.dropColumnFamily(family(a, "users"));
        checkAll(b, "b");
      }
    }
  }

  private static boolean isInDm(DwarfDB db) {
    return statistic(db, "memory.dm.memtables") > 0;
  }
}
