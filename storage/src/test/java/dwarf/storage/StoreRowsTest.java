package dwarf.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Rows through the C API and through JNI are the same, short and long ones, both ways. */
class StoreRowsTest {

  private static final int ROWS = 500;
  private static final int LONGEST_VALUE = 5_000;

  @TempDir Path root;

  @Test
  void bothWaysReadTheSame() throws RocksDBException {
    RocksDB.loadLibrary();
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB db = RocksDB.open(options, root.toString())) {
      Random random = new Random(17);
      for (int i = 0; i < ROWS; i++) {
        byte[] key = new byte[1 + random.nextInt(i % 50 == 0 ? 400 : 20)];
        byte[] value = new byte[random.nextInt(i % 50 == 0 ? LONGEST_VALUE : 100)];
        random.nextBytes(key);
        random.nextBytes(value);
        db.put(key, value);
      }
      RocksIterator first = db.newIterator();
      RocksIterator second = db.newIterator();
      IteratorCalls calls = IteratorCalls.of(first);
      assertThat(calls).as("rocksdbjni exports the C API of %s", CApi.VERSION).isNotNull();
      StoreRows direct = new StoreRows(0, first, calls, List.of());
      StoreRows plain = new StoreRows(0, second, null, List.of());
      try {
        List<List<Byte>> rows = walk(direct);
        assertThat(rows).hasSizeGreaterThan(ROWS).isEqualTo(walk(plain));
      } finally {
        direct.free();
        plain.free();
      }
    }
  }

  /** All keys and values, from the first to the last, and back. */
  private static List<List<Byte>> walk(StoreRows rows) {
    List<List<Byte>> seen = new ArrayList<>();
    rows.iterator().seekToFirst();
    for (; rows.isValid(); rows.next()) {
      seen.add(bytes(rows.key()));
      seen.add(bytes(rows.value()));
    }
    rows.iterator().seekToLast();
    for (; rows.isValid(); rows.prev()) {
      seen.add(bytes(rows.key()));
      seen.add(bytes(rows.value()));
    }
    rows.checkStatus();
    return seen;
  }

  private static List<Byte> bytes(MemorySegment memory) {
    List<Byte> bytes = new ArrayList<>();
    for (byte next : memory.toArray(ValueLayout.JAVA_BYTE)) {
      bytes.add(next);
    }
    return bytes;
  }
}
