package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.wal.RecoveryMode;
import dwarf.wal.owner.DatabaseDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be opened is refused with its kind, the name of the file, and what to do. */
class RefusedDirectoriesTest {

  private static final int KEYS = 2_000;

  @TempDir Path root;
  private Path path;

  @BeforeEach
  void name() {
    path = root.resolve("db");
  }

  private static Options options() {
    return new Options().setCreateIfMissing(true);
  }

  private DwarfException refusal(Options options) {
    DwarfException refused =
        catchThrowableOfType(DwarfException.class, () -> DwarfDB.open(path, options).close());
    assertThat(refused).as("open of %s is refused", path).isNotNull();
    return refused;
  }

  private void create() {
    try (DwarfDB db = DwarfDB.open(path, options())) {
      for (int i = 0; i < KEYS; i++) {
        db.put(bytes("key" + i), bytes("value" + i));
      }
      db.syncWal();
    }
  }

  private static Path onlyFile(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found =
          files.filter(file -> file.getFileName().toString().startsWith(prefix)).sorted().toList();
      assertThat(found).isNotEmpty();
      return found.getLast();
    }
  }

  private static void flipByte(Path file, long at) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[Math.toIntExact(at)] ^= 0x40;
    Files.write(file, content);
  }

  @Test
  void damagedLog() throws IOException {
    create();
    Path segment = onlyFile(DatabaseDescription.of(path).walDirectories().getLast(), "");
    flipByte(segment, 20_000);
    DwarfException refused = refusal(options());
    assertThat(refused.kind()).isEqualTo(Kind.CORRUPTION);
    assertThat(refused).hasMessageContaining(segment.getFileName().toString());
    assertThat(refused).hasMessageContaining("POINT_IN_TIME_RECOVERY");
    assertThat(refusal(options()).kind()).as("asked again").isEqualTo(Kind.CORRUPTION);
    Options lossy = options().setWalRecoveryMode(RecoveryMode.POINT_IN_TIME_RECOVERY);
    try (DwarfDB db = DwarfDB.open(path, lossy)) {
      assertThat(db.get(bytes("key0"))).isEqualTo(bytes("value0"));
      assertThat(db.get(bytes("key" + (KEYS - 1)))).isNull();
    }
  }

  @Test
  void directoryOfSomebodyElse() throws IOException {
    Files.createDirectories(path);
    Files.writeString(path.resolve("letter.txt"), "dear reader");
    DwarfException refused = refusal(options());
    assertThat(refused.kind()).isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(refused)
        .hasMessageContaining("letter.txt")
        .hasMessageContaining(path.toString())
        .hasMessageContaining("choose an empty directory");
    assertThat(path.resolve("dwarf")).doesNotExist();
  }

  @Test
  void fileInPlaceOfADirectory() throws IOException {
    Files.writeString(path, "no directory");
    DwarfException refused = refusal(options());
    assertThat(refused.kind()).isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(refused).hasMessageContaining(path.toString()).hasMessageContaining("directory");
  }

  @Test
  void databaseOutsideTheStorageRoot() {
    DwarfException refused = refusal(options().setStorageRoot(root.resolve("elsewhere")));
    assertThat(refused.kind()).isEqualTo(Kind.INVALID_ARGUMENT);
    assertThat(refused).hasMessageContaining("storage root").hasMessageContaining(path.toString());
  }

  @Test
  void damagedIdentity() throws IOException {
    create();
    Path identity = path.resolve("dwarf").resolve("IDENTITY");
    flipByte(identity, 10);
    DwarfException refused = refusal(options());
    assertThat(refused.kind()).isEqualTo(Kind.CORRUPTION);
    assertThat(refused).hasMessageContaining(identity.toString());
  }

  @Test
  void unreadableRocksDbOptions() throws IOException {
    create();
    Path stored = onlyFile(path, "OPTIONS-");
    String text = Files.readString(stored);
    Files.writeString(
        stored, text.replace("[DBOptions]", "[DBOptions]\n  option_of_the_future=17"));
    DwarfException refused = refusal(options());
    assertThat(refused).hasMessageContaining(stored.getFileName().toString());
    assertThat(refused).hasMessageContaining("option_of_the_future");
    assertThat(refused.kind()).isNotEqualTo(Kind.INTERNAL);
    Files.writeString(stored, text);
    try (DwarfDB db = DwarfDB.open(path, options())) {
      assertThat(db.get(bytes("key7"))).isEqualTo(bytes("value7"));
    }
  }

  @Test
  void damagedSstTier() throws IOException {
    create();
    Path manifest = onlyFile(path, "MANIFEST-");
    flipByte(manifest, 20);
    DwarfException refused = refusal(options());
    assertThat(refused.kind()).isEqualTo(Kind.CORRUPTION);
    assertThat(refused).hasMessageContaining(path.toString());
  }
}
