package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.view.LogSource;
import dwarf.engine.view.PinnedView;
import dwarf.engine.view.ViewFixture;
import dwarf.engine.view.Views;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobPickerTest {

  private static final boolean MEMORY_SHORT = true;
  private static final boolean OFFLOADING = true;

  @TempDir Path root;

  @Test
  void theOldestMemtablesAreTakenInOrderAndClaimed() {
    try (ViewFixture fixture = new ViewFixture(root)) {
      Views views = fixture.views();
      LogSource first = fixture.freeze();
      LogSource second = fixture.freeze();
      JobPicker picker = new JobPicker(1000, views::isCurrent);
      assertThat(picker.pick(views.current(), !MEMORY_SHORT, !OFFLOADING))
          .as("nothing is due")
          .isEmpty();
      assertThat(picker.pick(views.current(), MEMORY_SHORT, !OFFLOADING))
          .containsExactly(first, second);
      assertThat(first.isClaimed() && second.isClaimed()).isTrue();
      assertThat(picker.pick(views.current(), MEMORY_SHORT, !OFFLOADING))
          .as("claimed already")
          .isEmpty();
    }
  }

  @Test
  void whatIsAboutToBeShippedIsNotFlushedFromHere() {
    try (ViewFixture fixture = new ViewFixture(root)) {
      Views views = fixture.views();
      LogSource frozen = fixture.freeze();
      JobPicker picker = new JobPicker(1, views::isCurrent);
      assertThat(picker.pick(views.current(), MEMORY_SHORT, OFFLOADING)).isEmpty();
      assertThat(picker.pick(views.current(), MEMORY_SHORT, !OFFLOADING)).containsExactly(frozen);
    }
  }

  /** Between the look at the view and the claim, its memtable may have been flushed by another. */
  @Test
  void aMemtableThatWasFlushedMeanwhileIsNotFlushedAgain() {
    try (ViewFixture fixture = new ViewFixture(root)) {
      Views views = fixture.views();
      LogSource frozen = fixture.freeze();
      PinnedView seen = views.pinCurrent();
      fixture.install(frozen);
      JobPicker picker = new JobPicker(1000, views::isCurrent);
      assertThat(picker.pick(seen.view(), MEMORY_SHORT, !OFFLOADING)).isEmpty();
      assertThat(frozen.isClaimed()).isFalse();
      views.unpin(seen);
    }
  }
}
