package dwarf.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.protocol.FlushTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagePathsTest {

  private static final UUID DATABASE = new UUID(1, 2);

  @TempDir Path dir;
  private Path root;

  @BeforeEach
  void layout() throws IOException {
    root = Files.createDirectory(dir.resolve("root"));
    Path dwarf = root.resolve("shop/orders/dwarf");
    Files.createDirectories(dwarf.resolve("epochs/7/stage"));
    Files.createDirectories(dwarf.resolve("epochs/7/wal"));
    Files.writeString(dwarf.resolve("IDENTITY"), DATABASE + "\nmore\n");
    Files.writeString(dwarf.resolve("epochs/7/stage/OPTIONS-1"), "text");
    Files.createDirectories(dir.resolve("outside/dwarf/epochs/7/stage"));
    Files.writeString(dir.resolve("outside/dwarf/IDENTITY"), DATABASE + "\n");
    Files.createSymbolicLink(root.resolve("link"), dir.resolve("outside"));
    Files.createSymbolicLink(dwarf.resolve("epochs/7/stage/OPTIONS-link"), root.resolve("x"));
  }

  private static FlushTask task(UUID database, long epoch, String stage, String options) {
    UUID attempt = new UUID(5, 6);
    return new FlushTask(
        database, epoch, 0, "default", 1, 0, attempt, stage, options, null, null, List.of());
  }

  private static FlushTask task(String stage, String options) {
    return task(DATABASE, 7, stage, options);
  }

  @Test
  void aProperTaskIsAccepted() throws IOException {
    StagePaths paths = new StagePaths(root);
    String stage = "shop/orders/dwarf/epochs/7/stage";
    FlushTask task = task(stage, stage + "/OPTIONS-1");
    assertThat(paths.stage(task)).isEqualTo(root.toRealPath().resolve(stage));
    assertThat(paths.options(task)).hasContent("text");
  }

  @Test
  void aDatabaseAtTheRootItselfIsAccepted() {
    StagePaths paths = new StagePaths(root.resolve("shop/orders"));
    assertThat(paths.stage(task("dwarf/epochs/7/stage", ""))).isDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/shop/orders/dwarf/epochs/7/stage",
        "shop/orders/dwarf/epochs/7/wal",
        "shop/orders/dwarf/epochs/8/stage",
        "shop/orders/dwarf/epochs/7",
        "shop/../shop/orders/dwarf/epochs/7/stage",
        "../outside/dwarf/epochs/7/stage",
        "link/dwarf/epochs/7/stage",
        "shop/orders/dwarf/epochs/7/stage/.",
        "nowhere/dwarf/epochs/7/stage",
        "shop\u0000/stage"
      })
  void otherStagingDirectoriesAreRefused(String stage) {
    StagePaths paths = new StagePaths(root);
    assertRefused(() -> paths.stage(task(stage, "")));
  }

  @Test
  void anotherDatabaseOrEpochIsRefused() {
    StagePaths paths = new StagePaths(root);
    String stage = "shop/orders/dwarf/epochs/7/stage";
    assertRefused(() -> paths.stage(task(new UUID(1, 3), 7, stage, "")));
    assertRefused(() -> paths.stage(task(DATABASE, 6, stage, "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/etc/hostname", "../x", "link", "shop/orders/dwarf", "no-such"})
  void otherOptionsFilesAreRefused(String options) {
    StagePaths paths = new StagePaths(root);
    assertRefused(() -> paths.options(task("", options)));
    String linked = "shop/orders/dwarf/epochs/7/stage/OPTIONS-link";
    assertRefused(() -> paths.options(task("", linked)));
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.INVALID_ARGUMENT));
  }
}
