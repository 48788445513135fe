package dwarf.storage;

import static dwarf.storage.Bytes.segment;
import static dwarf.storage.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.base.Keys;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.Options;
import org.rocksdb.PlainTableConfig;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class SstStoreTest {

  private static final int DEFAULT = 0;
  private static final UUID DATABASE = new UUID(1, 2);

  @TempDir Path dir;
  private int files;

  private SstStore open() {
    return SstStore.open(dir.resolve("db"), StoreOptions.createIfMissing(RocksOptions.defaults()));
  }

  private Path stage(String name) throws Exception {
    Path stage = Files.createDirectories(dir.resolve("stage"));
    return stage.resolve(files++ + "-" + name + ".dsst");
  }

  private SstSummary write(SstStore store, int family, Map<String, String> rows) throws Exception {
    try (SstWriter writer = store.openWriter(family, stage("data"))) {
      for (Map.Entry<String, String> row : new TreeMap<>(rows).entrySet()) {
        if (row.getValue() == null) {
          writer.delete(segment(row.getKey()));
        } else {
          writer.put(segment(row.getKey()), segment(row.getValue()));
        }
      }
      return writer.finish();
    }
  }

  private static Map<String, String> rows(String... pairs) {
    Map<String, String> rows = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      rows.put(pairs[i], pairs[i + 1]);
    }
    return rows;
  }

  private void install(SstStore store, int family, long through, List<SstSummary> data)
      throws Exception {
    long previous = store.readMarker(family).map(FlushMarker::flushedThrough).orElse(0L);
    FlushMarker marker =
        new FlushMarker(DATABASE, 1, 1, family, through, previous, through, data.size(), 1);
    List<Path> files = new ArrayList<>(data.stream().map(SstSummary::file).toList());
    files.add(store.writeMarker(marker, stage("marker")).file());
    store.ingest(family, files);
  }

  private static List<String> scan(Cursor cursor) {
    List<String> found = new ArrayList<>();
    for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
      found.add(text(cursor.key()) + "=" + text(cursor.value()));
    }
    return found;
  }

  private static List<String> scanBack(Cursor cursor) {
    List<String> found = new ArrayList<>();
    for (cursor.seekToLast(); cursor.isValid(); cursor.prev()) {
      found.add(text(cursor.key()) + "=" + text(cursor.value()));
    }
    return found;
  }

  private static void assertKind(
      Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    assertThatThrownBy(c)
        .isInstanceOfSatisfying(
            DwarfException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  /**
   * A family without rows is not asked; from the first ingest on it is, by those who may see it.
   */
  @Test
  void anEmptyFamilyAnswersLikeAnyOther() throws Exception {
    try (SstStore store = open();
        StoreSnapshot before = store.snapshot();
        Cursor none = before.reader(DEFAULT).cursor(null, null)) {
      assertThat(before.reader(DEFAULT).get(Bytes.of("a"))).isNull();
      List<byte[]> keys = List.of(Bytes.of("a"), Bytes.of("b"));
      assertThat(before.reader(DEFAULT).multiGet(keys)).containsExactly(null, null);
      assertThat(scan(none)).isEmpty();
      assertKind(Kind.INTERNAL, none::key);
      install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows("a", "1"))));
      assertThat(scan(none)).isEmpty();
      try (StoreSnapshot after = store.snapshot();
          Cursor late = before.reader(DEFAULT).cursor(null, null);
          Cursor some = after.reader(DEFAULT).cursor(null, null)) {
        assertThat(scan(late)).isEmpty();
        assertThat(scan(some)).containsExactly("a=1");
        assertThat(text(after.reader(DEFAULT).get(Bytes.of("a")))).isEqualTo("1");
      }
    }
    try (SstStore again = open();
        StoreSnapshot now = again.snapshot()) {
      assertThat(text(now.reader(DEFAULT).get(Bytes.of("a")))).isEqualTo("1");
    }
  }

  @Test
  void shardFilesAndMarkerBecomeVisibleTogether() throws Exception {
    try (SstStore store = open();
        StoreSnapshot before = store.snapshot()) {
      assertThat(store.readMarker(DEFAULT)).isEmpty();
      SstSummary one = write(store, DEFAULT, rows("a", "1", "b", "2"));
      SstSummary two = write(store, DEFAULT, rows("c", "3"));
      install(store, DEFAULT, 10, List.of(one, two));
      assertThat(store.readMarker(DEFAULT).orElseThrow().flushedThrough()).isEqualTo(10);
      assertThat(Files.exists(one.file())).isFalse();
      try (StoreSnapshot after = store.snapshot()) {
        assertThat(text(after.reader(DEFAULT).get(Bytes.of("c")))).isEqualTo("3");
        assertThat(before.reader(DEFAULT).get(Bytes.of("c"))).isNull();
        assertThat(after.reader(DEFAULT).get(Keys.markerKey())).isNull();
        List<byte[]> keys = List.of(Bytes.of("a"), Keys.markerKey(), Bytes.of("x"), Bytes.of("b"));
        assertThat(after.reader(DEFAULT).multiGet(keys).stream().map(Bytes::text))
            .containsExactly("1", null, null, "2");
      }
    }
  }

  @Test
  void laterInstallsWinAndDeletionsHide() throws Exception {
    try (SstStore store = open()) {
      install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows("a", "1", "b", "2"))));
      install(store, DEFAULT, 20, List.of(write(store, DEFAULT, rows("a", null, "b", "3"))));
      try (StoreSnapshot now = store.snapshot()) {
        assertThat(now.reader(DEFAULT).get(Bytes.of("a"))).isNull();
        assertThat(text(now.reader(DEFAULT).get(Bytes.of("b")))).isEqualTo("3");
      }
    }
    try (SstStore store = open()) {
      assertThat(store.readMarker(DEFAULT).orElseThrow().previousSequence()).isEqualTo(10);
    }
  }

  @Test
  void cursorsWalkBothWaysWithinBoundsAndNeverShowTheMarker() throws Exception {
    try (SstStore store = open()) {
      String low = "\u0000";
      String big = "v".repeat(5000);
      Map<String, String> rows = rows(low, "0", "a", "1", "b", big, "c".repeat(300), "3", "d", "");
      install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows)));
      List<String> all = List.of(low + "=0", "a=1", "b=" + big, "c".repeat(300) + "=3", "d=");
      try (StoreSnapshot now = store.snapshot();
          Cursor whole = now.reader(DEFAULT).cursor(null, null);
          Cursor part = now.reader(DEFAULT).cursor(Bytes.of("a"), Bytes.of("c"))) {
        assertThat(scan(whole)).isEqualTo(all);
        assertThat(scanBack(whole)).isEqualTo(all.reversed());
        assertThat(scan(part)).isEqualTo(all.subList(1, 3));
        assertThat(scanBack(part)).isEqualTo(all.subList(1, 3).reversed());
        whole.seek(MemorySegment.ofArray(Keys.markerKey()));
        assertThat(text(whole.key())).isEqualTo("a");
        whole.seekForPrev(MemorySegment.ofArray(Keys.markerKey()));
        assertThat(text(whole.key())).isEqualTo(low);
        whole.prev();
        assertThat(whole.isValid()).isFalse();
        part.seekForPrev(segment("zzz"));
        assertThat(text(part.key())).isEqualTo("b");
        part.seek(segment("zzz"));
        assertThat(part.isValid()).isFalse();
      }
    }
  }

  @Test
  void aCursorOutlivesItsSnapshot() throws Exception {
    try (SstStore store = open()) {
      install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows("a", "1", "b", "2"))));
      StoreSnapshot then = store.snapshot();
      try (Cursor cursor = then.reader(DEFAULT).cursor(null, null)) {
        then.close();
        install(store, DEFAULT, 20, List.of(write(store, DEFAULT, rows("a", "new"))));
        store.compactRange(DEFAULT, null, null);
        assertThat(scan(cursor)).containsExactly("a=1", "b=2");
      }
    }
  }

  @Test
  void anIdleIteratorServesTheNextWalkButKeepsNoFilesForLong() throws Exception {
    try (SstStore store = open()) {
      install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows("a", "1", "b", "2"))));
      install(store, DEFAULT, 20, List.of(write(store, DEFAULT, rows("a", "new"))));
      try (StoreSnapshot now = store.snapshot()) {
        for (int walk = 0; walk < 3; walk++) {
          try (Cursor cursor = now.reader(DEFAULT).cursor(null, null)) {
            assertThat(cursor.isValid()).isFalse();
            assertThat(scan(cursor)).containsExactly("a=new", "b=2");
          }
        }
        store.compactRange(DEFAULT, null, null);
        long held = sstFiles();
        store.closeIdleCursors();
        assertThat(sstFiles()).as("used since the last time").isEqualTo(held);
        store.closeIdleCursors();
        assertThat(sstFiles()).isLessThan(held);
        try (Cursor cursor = now.reader(DEFAULT).cursor(null, null)) {
          assertThat(scan(cursor)).containsExactly("a=new", "b=2");
        }
      }
    }
  }

  private long sstFiles() throws Exception {
    try (Stream<Path> files = Files.list(dir.resolve("db"))) {
      return files.filter(file -> file.toString().endsWith(".sst")).count();
    }
  }

  @Test
  void useAfterCloseIsAnError() throws Exception {
    SstStore store = open();
    install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows("a", "1"))));
    StoreSnapshot snapshot = store.snapshot();
    FamilyReader kept = snapshot.reader(DEFAULT);
    StoreSnapshot closed = store.snapshot();
    closed.close();
    closed.close();
    assertKind(Kind.CLOSED, () -> closed.reader(DEFAULT).get(Bytes.of("a")));
    Cursor cursor = snapshot.reader(DEFAULT).cursor(null, null);
    Cursor closedCursor = snapshot.reader(DEFAULT).cursor(null, null);
    closedCursor.close();
    assertKind(Kind.CLOSED, closedCursor::seekToFirst);
    cursor.seekToFirst();
    store.close();
    store.close();
    assertKind(Kind.CLOSED, cursor::next);
    assertKind(Kind.CLOSED, () -> snapshot.reader(DEFAULT));
    assertKind(Kind.CLOSED, () -> kept.get(Bytes.of("a")));
    assertKind(Kind.CLOSED, () -> kept.multiGet(List.of(Bytes.of("a"))));
    assertKind(Kind.CLOSED, () -> kept.cursor(null, null));
    assertKind(Kind.CLOSED, store::snapshot);
    assertKind(Kind.CLOSED, () -> store.readMarker(DEFAULT));
    assertKind(Kind.CLOSED, () -> store.property(DEFAULT, "rocksdb.stats"));
    cursor.close();
    snapshot.close();
  }

  @Test
  void closingUnderReadersNeverCrashes() throws Exception {
    SstStore store = open();
    install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows("a", "1", "b", "2"))));
    FamilyReader rows = store.snapshot().reader(DEFAULT);
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    CountDownLatch reading = new CountDownLatch(3);
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(Thread.ofPlatform().start(() -> readUntilClosed(rows, reading, wrong)));
    }
    reading.await();
    store.close();
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(wrong.get()).isNull();
  }

  private static void readUntilClosed(
      FamilyReader rows, CountDownLatch reading, AtomicReference<Throwable> wrong) {
    try {
      for (int round = 0; ; round++) {
        if (round == 10) {
          reading.countDown();
        }
        if (!"1".equals(text(rows.get(Bytes.of("a"))))) {
          throw new AssertionError("a is missing");
        }
        try (Cursor cursor = rows.cursor(null, null)) {
          if (scan(cursor).size() != 2) {
            throw new AssertionError("rows are missing");
          }
        }
      }
    } catch (DwarfException e) {
      if (e.kind() != Kind.CLOSED) {
        wrong.set(e);
      }
    } catch (AssertionError e) {
      wrong.set(e);
    }
  }

  @Test
  void familiesAreIndependentAndSurviveReopening() throws Exception {
    byte[] name = Bytes.of("orders");
    int id;
    try (SstStore store = open()) {
      id = store.createFamily(name, FamilyOptions.parse("level0_stop_writes_trigger=99")).id();
      install(store, id, 5, List.of(write(store, id, rows("k", "v"))));
      assertThat(store.readMarker(DEFAULT)).isEmpty();
      assertKind(Kind.INVALID_ARGUMENT, () -> store.createFamily(name, FamilyOptions.defaults()));
    }
    assertThat(SstStore.listFamilies(dir.resolve("db")).stream().map(Bytes::text))
        .containsExactlyInAnyOrder("default", "orders");
    try (SstStore store = SstStore.open(dir.resolve("db"), StoreOptions.existing())) {
      assertThat(store.families().stream().map(Family::id)).containsExactly(DEFAULT, id);
      assertThat(store.stallTriggers(id).level0Stop()).isEqualTo(99);
      assertThat(store.readMarker(id).orElseThrow().flushedThrough()).isEqualTo(5);
      try (StoreSnapshot now = store.snapshot();
          Cursor cursor = now.reader(id).cursor(null, null)) {
        FamilyReader kept = now.reader(id);
        store.dropFamily(id);
        assertThat(scan(cursor)).containsExactly("k=v");
        assertKind(Kind.INVALID_ARGUMENT, () -> kept.get(Bytes.of("k")));
        assertKind(Kind.INVALID_ARGUMENT, () -> kept.multiGet(List.of(Bytes.of("k"))));
        assertKind(Kind.INVALID_ARGUMENT, () -> kept.cursor(null, null));
        assertKind(Kind.INVALID_ARGUMENT, () -> now.reader(id));
      }
    }
  }

  @Test
  void aMarkerUnderTheWrongFamilyIsCorruption() throws Exception {
    try (SstStore store = open()) {
      int other = store.createFamily(Bytes.of("x"), FamilyOptions.defaults()).id();
      FlushMarker marker = new FlushMarker(DATABASE, 1, 1, other, 1, 0, 1, 0, 0);
      store.ingest(DEFAULT, List.of(store.writeMarker(marker, stage("marker")).file()));
      assertKind(Kind.CORRUPTION, () -> store.readMarker(DEFAULT));
    }
  }

  @Test
  void aRefusedIngestLeavesEverythingAsItWas() throws Exception {
    try (SstStore store = open()) {
      SstSummary good = write(store, DEFAULT, rows("a", "1"));
      Path bad = Files.writeString(stage("bad"), "this is not an SST file");
      assertKind(Kind.IO_ERROR, () -> store.ingest(DEFAULT, List.of(good.file(), bad)));
      assertKind(Kind.INVALID_ARGUMENT, () -> store.ingest(DEFAULT, List.of()));
      assertThat(good.file()).exists();
      try (StoreSnapshot now = store.snapshot()) {
        assertThat(now.reader(DEFAULT).get(Bytes.of("a"))).isNull();
      }
    }
  }

  @Test
  void contentInAnExistingRocksDbWalIsFlushedSoThatIngestsDoNotOverlapIt() throws Exception {
    Path db = Files.createDirectories(dir.resolve("db"));
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB plain = RocksDB.open(options, db.toString())) {
      plain.put(Bytes.of("a"), Bytes.of("old"));
      plain.put(Bytes.of("b"), Bytes.of("kept"));
    }
    try (SstStore store = SstStore.open(db, StoreOptions.existing())) {
      install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows("a", "new"))));
      try (StoreSnapshot now = store.snapshot();
          Cursor cursor = now.reader(DEFAULT).cursor(null, null)) {
        assertThat(scan(cursor)).containsExactly("a=new", "b=kept");
      }
    }
  }

  @Test
  void aPlainRocksDbOpensTheDirectoryAfterwards() throws Exception {
    try (SstStore store = open()) {
      install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows("a", "1"))));
    }
    try (Options options = new Options();
        RocksDB plain = RocksDB.open(options, dir.resolve("db").toString())) {
      assertThat(text(plain.get(Bytes.of("a")))).isEqualTo("1");
    }
  }

  @Test
  void openingFollowsTheFlags() throws Exception {
    Path db = dir.resolve("db");
    assertKind(Kind.INVALID_ARGUMENT, () -> SstStore.open(db, StoreOptions.existing()));
    assertThat(SstStore.existsDatabase(db)).isFalse();
    open().close();
    assertThat(SstStore.existsDatabase(db)).isTrue();
    assertKind(
        Kind.INVALID_ARGUMENT,
        () -> SstStore.open(db, new StoreOptions(null, List.of(), true, true, false)));
    List<FamilySpec> missing = List.of(new FamilySpec(Bytes.of("m"), FamilyOptions.defaults()));
    assertKind(
        Kind.INVALID_ARGUMENT,
        () -> SstStore.open(db, new StoreOptions(null, missing, true, false, false)));
    SstStore.open(db, new StoreOptions(null, missing, true, false, true)).close();
    assertThat(SstStore.listFamilies(db)).hasSize(2);
    try (SstStore holder = open()) {
      assertKind(Kind.BUSY, this::open);
      assertThat(holder.families()).hasSize(2);
    }
  }

  @Test
  void propertiesPassThrough() throws Exception {
    try (SstStore store = open()) {
      install(store, DEFAULT, 10, List.of(write(store, DEFAULT, rows("a", "1"))));
      assertThat(store.property(DEFAULT, "rocksdb.stats")).contains("Compaction Stats");
      assertThat(store.property(DEFAULT, "rocksdb.no-such-thing")).isNull();
      assertThat(store.numProperty(DEFAULT, "rocksdb.num-entries-active-mem-table")).isZero();
      assertKind(Kind.INVALID_ARGUMENT, () -> store.numProperty(DEFAULT, "rocksdb.nothing"));
    }
  }

  @Test
  void aStagingDirectoryMustBeLinkable() throws Exception {
    try (SstStore store = open()) {
      Path stage = Files.createDirectories(dir.resolve("stage"));
      store.checkSameFileSystem(stage);
      assertThat(stage).isEmptyDirectory();
    }
  }

  @Test
  void otherComparatorsAreRefused() throws RocksDBException {
    try (ColumnFamilyOptions reverse = new ColumnFamilyOptions()) {
      reverse.setComparator(org.rocksdb.BuiltinComparator.REVERSE_BYTEWISE_COMPARATOR);
      assertKind(Kind.NOT_SUPPORTED, () -> FamilyOptions.of(reverse));
    }
    assertKind(
        Kind.NOT_SUPPORTED,
        () -> FamilyOptions.parse("comparator=rocksdb.ReverseBytewiseComparator"));
    assertKind(
        Kind.NOT_SUPPORTED, () -> FamilyOptions.parse("compaction_style=kCompactionStyleFIFO"));
    assertKind(Kind.INVALID_ARGUMENT, () -> FamilyOptions.parse("no_such_option=1"));
    assertKind(Kind.INVALID_ARGUMENT, () -> RocksOptions.parse("a={b=1", ""));
    assertKind(Kind.INVALID_ARGUMENT, () -> RocksOptions.parse("no_such_option=1", ""));
  }

  @Test
  void otherTableFormatsAreRefused() {
    try (ColumnFamilyOptions plain = new ColumnFamilyOptions()) {
      plain.setTableFormatConfig(new PlainTableConfig());
      assertKind(Kind.NOT_SUPPORTED, () -> FamilyOptions.of(plain));
    }
  }

  @Test
  void aDatabaseWithAnotherComparatorIsRefused() throws Exception {
    Path db = Files.createDirectories(dir.resolve("db"));
    try (Options options =
            new Options()
                .setCreateIfMissing(true)
                .setComparator(org.rocksdb.BuiltinComparator.REVERSE_BYTEWISE_COMPARATOR);
        RocksDB plain = RocksDB.open(options, db.toString())) {
      plain.put(Bytes.of("a"), Bytes.of("1"));
    }
    assertKind(Kind.NOT_SUPPORTED, () -> SstStore.open(db, StoreOptions.existing()));
    assertKind(Kind.NOT_SUPPORTED, this::open);
  }
}
