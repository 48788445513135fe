package dwarf.storage;

import static dwarf.storage.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Cursor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random installs and walks against a sorted map, and isolation while installs go on. */
class StoreModelTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());
  private static final int DEFAULT = 0;

  @TempDir Path dir;
  private int files;

  private Path file(SstStore store, Map<String, String> sorted) throws Exception {
    Path stage = Files.createDirectories(dir.resolve("stage"));
    try (SstWriter writer = store.openWriter(DEFAULT, stage.resolve(files++ + ".dsst"))) {
      for (Map.Entry<String, String> row : sorted.entrySet()) {
        if (row.getValue() == null) {
          writer.delete(Bytes.segment(row.getKey()));
        } else {
          writer.put(Bytes.segment(row.getKey()), Bytes.segment(row.getValue()));
        }
      }
      return writer.finish().file();
    }
  }

  @Test
  void walksMatchASortedMap() throws Exception {
    System.out.println("seed " + SEED + " (repeat with -Ddwarf.seed=" + SEED + ")");
    Random random = new Random(SEED);
    RocksOptions options = RocksOptions.parse("", "prefix_extractor=fixed:2");
    TreeMap<String, String> model = new TreeMap<>();
    try (SstStore store = SstStore.open(dir.resolve("db"), StoreOptions.createIfMissing(options))) {
      for (int install = 0; install < 12; install++) {
        TreeMap<String, String> rows = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
          rows.put(key(random), random.nextInt(4) == 0 ? null : "v" + install + "-" + i);
        }
        store.ingest(DEFAULT, List.of(file(store, rows)));
        model.putAll(rows);
        model.values().removeIf(value -> value == null);
        try (StoreSnapshot now = store.snapshot()) {
          walk(random, now, model);
        }
      }
    }
  }

  private static String key(Random random) {
    return "k" + (char) ('a' + random.nextInt(4)) + random.nextInt(60);
  }

  private static void walk(Random random, StoreSnapshot now, NavigableMap<String, String> model) {
    String one = key(random);
    String two = key(random);
    String lower = one.compareTo(two) < 0 ? one : two;
    String upper = one.compareTo(two) < 0 ? two : one;
    TreeMap<String, String> inside = new TreeMap<>(model.subMap(lower, upper));
    try (Cursor cursor = now.reader(DEFAULT).cursor(Bytes.of(lower), Bytes.of(upper))) {
      for (int step = 0; step < 40; step++) {
        String target = key(random);
        boolean forward = random.nextBoolean();
        Map.Entry<String, String> expected;
        if (forward) {
          cursor.seek(Bytes.segment(target));
          expected = inside.ceilingEntry(target);
        } else {
          cursor.seekForPrev(Bytes.segment(target));
          expected = inside.floorEntry(target);
        }
        for (int more = random.nextInt(4); more > 0 && expected != null; more--) {
          assertAt(cursor, expected);
          if (random.nextBoolean()) {
            cursor.next();
            expected = inside.higherEntry(expected.getKey());
          } else {
            cursor.prev();
            expected = inside.lowerEntry(expected.getKey());
          }
        }
        assertAt(cursor, expected);
      }
    }
  }

  private static void assertAt(Cursor cursor, Map.Entry<String, String> expected) {
    assertThat(cursor.isValid()).isEqualTo(expected != null);
    if (expected != null) {
      assertThat(text(cursor.key())).isEqualTo(expected.getKey());
      assertThat(text(cursor.value())).isEqualTo(expected.getValue());
    }
  }

  @Test
  void aSnapshotTakenDuringAnIngestNeverChangesItsMind() throws Exception {
    try (SstStore store =
        SstStore.open(dir.resolve("db"), StoreOptions.createIfMissing(RocksOptions.defaults()))) {
      AtomicBoolean done = new AtomicBoolean();
      AtomicInteger newest = new AtomicInteger();
      AtomicReference<String> wrong = new AtomicReference<>();
      Thread reader =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!done.get()) {
                      byte[] key = Bytes.of("key" + newest.get());
                      try (StoreSnapshot snapshot = store.snapshot()) {
                        String first = text(snapshot.reader(DEFAULT).get(key));
                        for (int again = 0; again < 20; again++) {
                          if (!Objects.equals(first, text(snapshot.reader(DEFAULT).get(key)))) {
                            wrong.set(text(key) + " changed within one snapshot");
                          }
                        }
                      }
                    }
                  });
      for (int i = 1; i <= 40; i++) {
        newest.set(i);
        store.ingest(DEFAULT, List.of(file(store, Map.of("key" + i, "v"))));
      }
      done.set(true);
      reader.join();
      assertThat(wrong.get()).isNull();
    }
  }

  @Test
  void filesOfOneIngestThatOverlapAreTakenInOrder() throws Exception {
    try (SstStore store =
        SstStore.open(dir.resolve("db"), StoreOptions.createIfMissing(RocksOptions.defaults()))) {
      List<Path> inOrder = new ArrayList<>();
      inOrder.add(file(store, Map.of("a", "old")));
      inOrder.add(file(store, Map.of("a", "new")));
      store.ingest(DEFAULT, inOrder);
      try (StoreSnapshot now = store.snapshot()) {
        assertThat(text(now.reader(DEFAULT).get(Bytes.of("a")))).isEqualTo("new");
      }
    }
  }
}
