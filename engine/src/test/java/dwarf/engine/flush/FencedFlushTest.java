package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.engine.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flush does when the memory node or a worker refuses. */
class FencedFlushTest {

  @TempDir Path root;

  @Test
  void aNewerEpochStopsTheDatabaseAtTheFirstFlush() {
    try (FlushFixture database = new FlushFixture(root)) {
      long last = database.fill(1);
      database.attachNewerEpoch();
      database.flush.request(FlushFixture.FAMILY, last);
      database.flush.start();
      Await.until("the database has stopped", database.health::isFailed);
      assertThatThrownBy(() -> database.flush.awaitFlushed(FlushFixture.FAMILY, last))
          .hasMessageContaining("reopen")
          .isInstanceOfSatisfying(
              DwarfException.class,
              e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.FENCED));
    }
  }

  @Test
  void aWorkerCannotStopTheDatabase() {
    try (FlushFixture database = new FlushFixture(root)) {
      database.registerWorker();
      long last = database.fill(1);
      database.flush.request(FlushFixture.FAMILY, last);
      database.flush.start();
      database.fail(database.takeTask(), DwarfException.Kind.FENCED);
      database.flush.awaitFlushed(FlushFixture.FAMILY, last);
      assertThat(database.health.isFailed()).isFalse();
    }
  }
}
