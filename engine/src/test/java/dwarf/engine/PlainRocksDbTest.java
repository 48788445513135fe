package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Keys;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Directories go both ways: RocksDB's open here, and ours open in RocksDB. */
class PlainRocksDbTest {

  private static final List<String> FAMILIES = List.of("default", "users");
  private static final int KEYS = 1_000;

  @TempDir Path root;

  @FunctionalInterface
  private interface Use {
    void with(RocksDB db, List<org.rocksdb.ColumnFamilyHandle> families) throws RocksDBException;
  }

  private static void plain(Path path, boolean create, Use use) throws RocksDBException {
    RocksDB.loadLibrary();
    List<org.rocksdb.ColumnFamilyDescriptor> descriptors =
        FAMILIES.stream().map(name -> new org.rocksdb.ColumnFamilyDescriptor(bytes(name))).toList();
    List<org.rocksdb.ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options =
            new DBOptions()
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(create)
                .setAvoidFlushDuringShutdown(true);
        RocksDB db = RocksDB.open(options, path.toString(), descriptors, handles)) {
      use.with(db, handles);
      handles.forEach(org.rocksdb.ColumnFamilyHandle::close);
    }
  }

  private static byte[] value(String family, int version, int key) {
    return bytes(family + " " + version + " " + key + " ".repeat(200));
  }

  /** Half in SST files, half in RocksDB's own WAL only. */
  private static void createPlain(Path path) throws RocksDBException {
    plain(
        path,
        true,
        (db, families) -> {
          for (int f = 0; f < FAMILIES.size(); f++) {
            for (int key = 0; key < KEYS; key++) {
              if (key == KEYS / 2) {
                try (org.rocksdb.FlushOptions now = new org.rocksdb.FlushOptions()) {
                  db.flush(now, families.get(f));
                }
              }
              db.put(families.get(f), bytes("key" + key), value(FAMILIES.get(f), 0, key));
            }
            db.delete(families.get(f), bytes("key0"));
          }
        });
  }

  @Test
  void anExistingRocksDbOpensWithItsLogAndGoesBack() throws RocksDBException {
    Path path = root.resolve("db");
    createPlain(path);
    try (TestCluster cluster = TestCluster.start("tcp", root, 1, 64L << 20)) {
      Options options = TestData.keepInDm(cluster, root).setCreateIfMissing(false);
      try (DwarfDB db = DwarfDB.open(path, options)) {
        check(db, 0);
        rewriteEven(db);
        check(db, 1);
        db.flush(new FlushOptions(), db.getColumnFamilies());
      }
      plain(path, false, PlainRocksDbTest::checkPlain);
      try (DwarfDB db = DwarfDB.open(path, options)) {
        check(db, 1);
      }
    }
  }

  @Test
  void ourDirectoryOpensInRocksDbAndComesBack() throws RocksDBException {
    Path path = root.resolve("db");
    try (TestCluster cluster = TestCluster.start("tcp", root, 1, 64L << 20)) {
      Options options = TestData.keepInDm(cluster, root);
      try (DwarfDB db = DwarfDB.open(path, options)) {
        db.createColumnFamily(new ColumnFamilyDescriptor(bytes("users")));
        write(db);
        rewriteEven(db);
        check(db, 1);
        db.flush(new FlushOptions(), db.getColumnFamilies());
      }
      plain(path, false, PlainRocksDbTest::checkPlain);
      try (DwarfDB db = DwarfDB.open(path, options)) {
        check(db, 1);
      }
    }
  }

  private static void write(DwarfDB db) {
    for (String family : FAMILIES) {
      ColumnFamilyHandle handle = db.getColumnFamily(bytes(family));
      for (int key = 0; key < KEYS; key++) {
        db.put(handle, bytes("key" + key), value(family, 0, key));
      }
      db.delete(handle, bytes("key0"));
    }
  }

  private static void rewriteEven(DwarfDB db) {
    for (String family : FAMILIES) {
      for (int key = 2; key < KEYS; key += 2) {
        db.put(db.getColumnFamily(bytes(family)), bytes("key" + key), value(family, 1, key));
      }
    }
  }

  private static void check(DwarfDB db, int version) {
    for (String family : FAMILIES) {
      ColumnFamilyHandle handle = db.getColumnFamily(bytes(family));
      assertThat(db.get(handle, bytes("key0"))).isNull();
      for (int key = 1; key < KEYS; key++) {
        assertThat(db.get(handle, bytes("key" + key)))
            .isEqualTo(value(family, key % 2 == 0 ? version : 0, key));
      }
    }
  }

  private static void checkPlain(RocksDB db, List<org.rocksdb.ColumnFamilyHandle> families)
      throws RocksDBException {
    for (int f = 0; f < FAMILIES.size(); f++) {
      for (int key = 1; key < KEYS; key++) {
        assertThat(db.get(families.get(f), bytes("key" + key)))
            .isEqualTo(value(FAMILIES.get(f), key % 2 == 0 ? 1 : 0, key));
      }
      int rows = 0;
      try (RocksIterator it = db.newIterator(families.get(f))) {
        for (it.seekToFirst(); it.isValid(); it.next()) {
          rows += Keys.isMarker(MemorySegment.ofArray(it.key())) ? 0 : 1;
        }
        it.status();
      }
      assertThat(rows).isEqualTo(KEYS - 1);
    }
  }
}
