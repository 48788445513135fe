package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.storage.RocksOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An install whose outcome is unknown, after which RocksDB names files that are gone: that is what
 * is left when the sync of its MANIFEST fails inside an ingest.
 */
class FailedInstallTest {

  private static final int KEYS = 400;

  @TempDir Path root;
  private Path path;
  private TreeSet<Path> before;
  private TreeSet<Path> installed;

  private Options options() {
    return new Options()
        .setCreateIfMissing(true)
        .setPoolSize(0)
        .setWriteBufferSize(1 << 20)
        .setRocksOptions(RocksOptions.parse("", "disable_auto_compactions=true"));
  }

  private static byte[] value(int version, int key) {
    return TestData.randomBytes(version * 1000L + key, 200);
  }

  private static void write(DwarfDB db, int version) {
    for (int key = 0; key < KEYS; key++) {
      db.put(bytes("key" + key), value(version, key));
    }
  }

  @BeforeEach
  void failInTheMiddleOfTheThirdInstall() throws IOException {
    path = root.resolve("db");
    int[] installs = {0};
    Options failing =
        options()
            .setStepListener(
                step -> {
                  if (step.equals("install.ingested") && ++installs[0] == 3) {
                    throw DwarfException.io("whether it is in is unknown", null);
                  }
                });
    try (DwarfDB db = DwarfDB.open(path, failing)) {
      write(db, 1);
      db.flush();
      write(db, 2);
      db.flush();
      before = tables();
      write(db, 3);
      assertThatThrownBy(db::flush).hasMessageContaining("whether it is in is unknown");
      assertThatThrownBy(() -> db.put(bytes("key"), bytes("value")))
          .hasMessageContaining("reopen the database");
      assertThat(db.get(bytes("key0"))).isEqualTo(value(3, 0));
    }
    installed = tables();
    installed.removeAll(before);
    assertThat(installed).as("data and marker").hasSize(2);
  }

  private TreeSet<Path> tables() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return new TreeSet<>(files.filter(file -> file.toString().endsWith(".sst")).toList());
    }
  }

  private void checkNothingIsLost() {
    for (int round = 0; round < 2; round++) {
      try (DwarfDB db = DwarfDB.open(path, options())) {
        for (int key = 0; key < KEYS; key++) {
          assertThat(db.get(bytes("key" + key))).as("key%d", key).isEqualTo(value(3, key));
        }
        write(db, 3);
        db.flush();
      }
    }
  }

  @Test
  void aCompleteInstallIsFoundByItsMarker() {
    checkNothingIsLost();
  }

  @Test
  void filesOfTheInstallThatAreGoneAreMadeAgainFromTheLog() throws IOException {
    for (Path file : installed) {
      Files.delete(file);
    }
    checkNothingIsLost();
  }

  @Test
  void anInstallOfWhichOnlyDataOrOnlyTheMarkerIsLeftIsMadeAgain() throws IOException {
    Files.delete(installed.last());
    checkNothingIsLost();
  }

  @Test
  void dataOfTheInstallAloneMissingIsMadeAgain() throws IOException {
    Files.delete(installed.first());
    checkNothingIsLost();
  }

  /** The log that could make it again may be gone by then. */
  @Test
  void whatIsMissingOfAnInstallThatWorkedIsRefusedAndChangesNothing() throws IOException {
    checkNothingIsLost();
    Path newest = tables().last();
    Path aside = root.resolve("aside");
    Files.move(newest, aside);
    List<Path> left = List.copyOf(tables());
    assertThatThrownBy(() -> DwarfDB.open(path, options()))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.CORRUPTION));
    assertThat(List.copyOf(tables())).isEqualTo(left);
    Files.move(aside, newest);
    checkNothingIsLost();
  }

  @Test
  void moreMissingThanTheInstallIsRefusedAndChangesNothing() throws IOException {
    Path older = before.first();
    Path aside = root.resolve("aside");
    Files.move(older, aside);
    List<Path> left = List.copyOf(tables());
    assertThatThrownBy(() -> DwarfDB.open(path, options()))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.CORRUPTION))
        .hasMessageContaining(older.getFileName().toString());
    assertThat(List.copyOf(tables())).isEqualTo(left);
    Files.move(aside, older);
    checkNothingIsLost();
  }
}
