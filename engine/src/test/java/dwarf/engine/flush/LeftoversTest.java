package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.engine.Await;
import dwarf.protocol.FlushTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Staged files of attempts that were given up go away while the database is open. */
class LeftoversTest {

  private static final long INTERVAL = Leftovers.INTERVAL.toNanos();

  @TempDir Path root;

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE);

  private Path file(String name) throws IOException {
    return Files.createFile(root.resolve(name));
  }

  private Leftovers leftovers() {
    Stage stage = new Stage(root, root, new Stage.Identity(UUID.randomUUID(), 1, 1));
    return new Leftovers(stage, clock::get);
  }

  @Test
  void onlyFilesOfGivenUpAttemptsGo() throws IOException {
    UUID lost = UUID.randomUUID();
    Path first = file("1-2-0-" + lost + "-0.dsst");
    Path second = file("1-2-0-" + lost + "-17.dsst");
    List<Path> others =
        List.of(
            file("1-2-1-" + UUID.randomUUID() + "-0.dsst"),
            file("1-2-marker-" + lost + ".dsst"),
            file("options-" + lost),
            file("1-2-0-" + lost + "-0.dsst.old"));
    Leftovers leftovers = leftovers();
    leftovers.sweep();
    assertThat(first).exists();
    leftovers.add(lost);
    leftovers.sweep();
    assertThat(first).doesNotExist();
    assertThat(second).doesNotExist();
    assertThat(others).allSatisfy(file -> assertThat(file).exists());
  }

  @Test
  void whatIsWrittenLaterGoesLaterUntilTheAttemptIsForgotten() throws IOException {
    UUID lost = UUID.randomUUID();
    Leftovers leftovers = leftovers();
    leftovers.add(lost);
    leftovers.sweep();
    Path late = file("1-2-0-" + lost + "-0.dsst");
    leftovers.sweep();
    assertThat(late).as("not yet time to look again").exists();
    clock.addAndGet(INTERVAL);
    leftovers.sweep();
    assertThat(late).doesNotExist();
    clock.addAndGet(Leftovers.KEEP.toNanos());
    leftovers.sweep();
    Path afterAll = file("1-2-0-" + lost + "-1.dsst");
    clock.addAndGet(INTERVAL);
    leftovers.sweep();
    assertThat(afterAll).as("left to the next open").exists();
  }

  @Test
  void theOldestOfTooManyIsLeftToTheNextOpen() throws IOException {
    UUID oldest = UUID.randomUUID();
    UUID newest = UUID.randomUUID();
    Leftovers leftovers = leftovers();
    leftovers.add(oldest);
    for (int i = 0; i < Leftovers.MAX_ATTEMPTS - 1; i++) {
      leftovers.add(UUID.randomUUID());
    }
    leftovers.add(newest);
    Path ofOldest = file("1-2-0-" + oldest + "-0.dsst");
    Path ofNewest = file("1-2-0-" + newest + "-0.dsst");
    leftovers.sweep();
    assertThat(ofOldest).exists();
    assertThat(ofNewest).doesNotExist();
  }

  @Test
  void filesOfAnAttemptThatCameHomeAreRemoved() {
    try (FlushFixture database = new FlushFixture(root)) {
      database.registerWorker();
      long last = database.fill(1);
      database.flush.request(FlushFixture.FAMILY, last);
      database.flush.start();
      FlushTask task = database.takeTask();
      database.stageFile(task, 0);
      database.fail(task, DwarfException.Kind.IO_ERROR);
      database.flush.awaitFlushed(FlushFixture.FAMILY, last);
      Await.until("its file is removed", () -> database.staged().isEmpty());
      database.stageFile(task, 1);
      database.clock.addAndGet(INTERVAL);
      Await.until("and the one it wrote later", () -> database.staged().isEmpty());
    }
  }

  @Test
  void filesOfAnAttemptThatTookTooLongAreRemoved() {
    try (FlushFixture database = new FlushFixture(root)) {
      database.registerWorker();
      long last = database.fill(1);
      database.flush.request(FlushFixture.FAMILY, last);
      database.flush.start();
      FlushTask task = database.takeTask();
      database.stageFile(task, 0);
      database.clock.addAndGet(FlushFixture.PATIENCE.toNanos() + 1);
      database.flush.awaitFlushed(FlushFixture.FAMILY, last);
      Await.until("its file is removed", () -> database.staged().isEmpty());
    }
  }
}
