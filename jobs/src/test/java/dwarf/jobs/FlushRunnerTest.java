package dwarf.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import dwarf.storage.RocksOptions;
import dwarf.storage.SstStore;
import dwarf.storage.SstSummary;
import dwarf.storage.SstVerifier;
import dwarf.storage.SstWriter;
import dwarf.storage.StoreOptions;
import dwarf.storage.StoreSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlushRunnerTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());

  @TempDir Path dir;
  private Path stage;
  private SstStore store;

  @BeforeEach
  void open() throws IOException {
    stage = Files.createDirectory(dir.resolve("stage"));
    store = SstStore.open(dir.resolve("db"), StoreOptions.createIfMissing(RocksOptions.defaults()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private SstSink sink(long targetBytes) {
    return new SstSink() {
      @Override
      public SstWriter open(int ordinal) {
        return store.openWriter(0, stage.resolve("file-" + ordinal + ".dsst"));
      }

      @Override
      public long targetFileBytes() {
        return targetBytes;
      }

      @Override
      public void finished(SstSummary file) {
        assertThat(file.file()).exists();
      }

      @Override
      public void discard(SstSummary file) {
        try {
          Files.delete(file.file());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private static MemorySegment bytes(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(MemorySegment bytes) {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private static ListCursor.Row put(String key, long sequence, String value) {
    return new ListCursor.Row(bytes(key), sequence, RecordType.PUT, bytes(value));
  }

  private static ListCursor.Row delete(String key, long sequence) {
    return new ListCursor.Row(bytes(key), sequence, RecordType.SINGLE_DELETE, bytes(""));
  }

  private static FlushInput input(List<Cursor> cursors) {
    return new FlushInput(cursors, null, null, SequenceRange.ALL);
  }

  private Map<String, String> contents(List<SstSummary> files) {
    files.forEach(file -> SstVerifier.verify(file.file(), file, true));
    store.ingest(0, files.stream().map(SstSummary::file).toList());
    Map<String, String> found = new TreeMap<>();
    try (StoreSnapshot now = store.snapshot();
        Cursor cursor = now.reader(0).cursor(null, null)) {
      for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
        found.put(text(cursor.key()), text(cursor.value()));
      }
    }
    return found;
  }

  @Test
  void theNewestRecordOfEachKeyIsWrittenAndDeletionsAreKept() {
    List<ListCursor.Row> older = List.of(put("a", 1, "old"), put("b", 2, "b"), put("c", 3, "c"));
    List<ListCursor.Row> newer =
        List.of(put("a", 12, "newest"), put("a", 11, "newer"), delete("b", 10), put("d", 13, ""));
    List<SstSummary> files =
        FlushRunner.run(
            input(List.of(new ListCursor(newer, -1), new ListCursor(older, -1))),
            sink(1 << 20),
            Progress.NONE);
    assertThat(files).hasSize(1);
    assertThat(files.get(0).entries()).as("deletion counted").isEqualTo(4);
    assertThat(contents(files)).isEqualTo(Map.of("a", "newest", "c", "c", "d", ""));
  }

  @Test
  void onlyTheNewestRecordWithinTheSequencesIsWritten() {
    List<ListCursor.Row> rows =
        List.of(
            put("a", 9, "later"),
            put("a", 5, "a5"),
            put("a", 2, "a2"),
            put("b", 3, "before"),
            put("c", 8, "later"),
            delete("d", 6),
            put("d", 4, "d4"));
    FlushInput input =
        new FlushInput(List.of(new ListCursor(rows, -1)), null, null, new SequenceRange(3, 6));
    List<SstSummary> files = FlushRunner.run(input, sink(1 << 20), Progress.NONE);
    assertThat(files.getFirst().entries()).as("a and the deletion of d").isEqualTo(2);
    assertThat(contents(files)).isEqualTo(Map.of("a", "a5"));
  }

  @Test
  void nothingInTheRangeMakesNoFile() {
    FlushInput empty =
        new FlushInput(
            List.of(new ListCursor(List.of(put("a", 1, "x"), put("z", 2, "y")), -1)),
            bytes("b"),
            bytes("z"),
            SequenceRange.ALL);
    assertThat(FlushRunner.run(empty, sink(1), Progress.NONE)).isEmpty();
    assertThat(stage).isEmptyDirectory();
  }

  @Test
  void aFailingSourceLeavesNoFileBehind() {
    List<ListCursor.Row> rows = manyRows(20_000);
    FlushInput failing = input(List.of(new ListCursor(rows, 19_000)));
    assertThatThrownBy(() -> FlushRunner.run(failing, sink(100_000), Progress.NONE))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("chosen to fail");
    assertThat(stage).isEmptyDirectory();
  }

  @Test
  void progressMayAbandonTheFlush() {
    FlushInput rows = input(List.of(new ListCursor(manyRows(20_000), -1)));
    AtomicLong lastRead = new AtomicLong();
    Progress giveUp =
        (read, written) -> {
          assertThat(read).isGreaterThan(lastRead.getAndSet(read));
          if (written > 500_000) {
            throw new DwarfException(DwarfException.Kind.STALE_HANDLE, "lease lost");
          }
        };
    assertThatThrownBy(() -> FlushRunner.run(rows, sink(100_000), giveUp))
        .hasMessageContaining("lease lost");
    assertThat(stage).isEmptyDirectory();
  }

  @Test
  void unsupportedRecordsAreRefused() {
    ListCursor.Row merge = new ListCursor.Row(bytes("a"), 1, RecordType.MERGE, bytes("1"));
    FlushInput rows = input(List.of(new ListCursor(List.of(merge), -1)));
    assertThatThrownBy(() -> FlushRunner.run(rows, sink(1), Progress.NONE))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.NOT_SUPPORTED));
    assertThat(stage).isEmptyDirectory();
  }

  @Test
  void largeOutputIsCutIntoFilesThatAscend() {
    List<SstSummary> files =
        FlushRunner.run(
            input(List.of(new ListCursor(manyRows(20_000), -1))), sink(300_000), Progress.NONE);
    assertThat(files.size()).isBetween(4, 12);
    for (int i = 1; i < files.size(); i++) {
      assertThat(Arrays.compareUnsigned(files.get(i - 1).largest(), files.get(i).smallest()))
          .isNegative();
    }
    assertThat(files.stream().mapToLong(SstSummary::entries).sum()).isEqualTo(20_000);
  }

  @Test
  void randomSourcesMatchAModel() {
    Random random = new Random(SEED);
    System.out.println("seed " + SEED + " (repeat with -Ddwarf.seed=" + SEED + ")");
    int sources = 1 + random.nextInt(6);
    List<Cursor> newestFirst = new ArrayList<>();
    TreeMap<String, String> model = new TreeMap<>();
    long sequence = 1;
    for (int source = 0; source < sources; source++) {
      TreeMap<String, List<ListCursor.Row>> rows = new TreeMap<>();
      for (int i = random.nextInt(400); i > 0; i--) {
        String key = "k" + random.nextInt(200);
        boolean delete = random.nextInt(4) == 0;
        ListCursor.Row row = delete ? delete(key, sequence) : put(key, sequence, "v" + sequence);
        rows.computeIfAbsent(key, unused -> new ArrayList<>()).addFirst(row);
        model.put(key, delete ? null : "v" + sequence);
        sequence++;
      }
      newestFirst.addFirst(
          new ListCursor(rows.values().stream().flatMap(List::stream).toList(), -1));
    }
    model.headMap("k10").clear();
    model.tailMap("k9").clear();
    FlushInput input = new FlushInput(newestFirst, bytes("k10"), bytes("k9"), SequenceRange.ALL);
    List<SstSummary> files = FlushRunner.run(input, sink(1 << 20), Progress.NONE);
    long entries = files.stream().mapToLong(SstSummary::entries).sum();
    assertThat(entries).isEqualTo(model.size());
    model.values().removeIf(value -> value == null);
    if (!files.isEmpty()) {
      assertThat(contents(files)).isEqualTo(model);
    }
  }

  private static List<ListCursor.Row> manyRows(int count) {
    Random random = new Random(SEED);
    List<ListCursor.Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[100];
      random.nextBytes(value);
      rows.add(
          new ListCursor.Row(
              bytes(String.format("key%06d", i)), i, RecordType.PUT, MemorySegment.ofArray(value)));
    }
    return rows;
  }
}
