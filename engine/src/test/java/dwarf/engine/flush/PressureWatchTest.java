package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.commit.Backpressure.Action;
import dwarf.engine.commit.Backpressure.Verdict;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Progress;
import dwarf.engine.stats.Counter;
import dwarf.storage.RocksOptions;
import dwarf.storage.SstStore;
import dwarf.storage.StoreOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PressureWatchTest {

  private static final Verdict SLOW = new Verdict(Action.SLOW, Counter.STALL_DM, 100);
  private static final Verdict SLOWER = new Verdict(Action.SLOW, Counter.STALL_L0_FILES, 99);
  private static final Verdict STOP = new Verdict(Action.STOP, Counter.STALL_COMPACTION, 0);

  @TempDir Path root;

  private final Progress progress = new Progress();
  private SstStore store;
  private PressureWatch watch;
  private Verdict first = Verdict.GO;
  private Verdict second = Verdict.GO;

  @BeforeEach
  void open() {
    store = SstStore.open(root, StoreOptions.createIfMissing(RocksOptions.defaults()));
    watch =
        new PressureWatch(
            new PressureWatch.Causes(() -> first, () -> second), store, progress, new Health());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Verdict looked() {
    watch.lookAtTier();
    watch.look();
    return watch.verdict();
  }

  @Test
  void theHarshestVerdictHoldsWhicheverGivesIt() {
    assertThat(looked()).isEqualTo(Verdict.GO);
    first = SLOW;
    assertThat(looked()).isEqualTo(SLOW);
    second = SLOWER;
    assertThat(looked()).isEqualTo(SLOWER);
    first = STOP;
    assertThat(looked()).isEqualTo(STOP);
    first = Verdict.GO;
    assertThat(looked()).isEqualTo(SLOWER);
  }

  @Test
  void whoWaitsIsToldWhenItHasBecomeMilder() {
    first = SLOW;
    watch.look();
    long before = progress.events();
    first = STOP;
    watch.look();
    assertThat(progress.events()).isEqualTo(before);
    first = SLOW;
    watch.look();
    assertThat(progress.events()).isGreaterThan(before);
  }
}
