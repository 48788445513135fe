package dwarf.engine.dm;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.view.LogSource;
import dwarf.engine.view.PinnedView;
import dwarf.engine.view.ViewFixture;
import dwarf.engine.view.Views;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffloadPickerTest {

  @TempDir Path root;

  @Test
  void theOldestUnclaimedMemtableGoesFirst() {
    try (ViewFixture fixture = new ViewFixture(root)) {
      Views views = fixture.views();
      LogSource first = fixture.freeze();
      LogSource second = fixture.freeze();
      OffloadPicker picker = new OffloadPicker(views::isCurrent);
      assertThat(picker.hasNext(views.current())).isTrue();
      assertThat(picker.pick(views.current())).isSameAs(first);
      assertThat(picker.pick(views.current())).isSameAs(second);
      assertThat(picker.pick(views.current())).as("all are claimed").isNull();
      assertThat(picker.hasNext(views.current())).isFalse();
    }
  }

  /** Between the look at the view and the claim, the memtable may have been flushed. */
  @Test
  void aMemtableThatWasFlushedMeanwhileIsNotShipped() {
    try (ViewFixture fixture = new ViewFixture(root)) {
      Views views = fixture.views();
      LogSource frozen = fixture.freeze();
      PinnedView seen = views.pinCurrent();
      fixture.install(frozen);
      OffloadPicker picker = new OffloadPicker(views::isCurrent);
      assertThat(picker.pick(seen.view())).isNull();
      assertThat(frozen.isClaimed()).isFalse();
      views.unpin(seen);
    }
  }
}
