package dwarf.cli.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private long nanos;

  @Test
  void plainLinesComeEveryFewSecondsWithRateAndTimeLeft() {
    Progress progress = start(false);
    progress.update(new Progress.State(1, 400, 1));
    nanos += Progress.PLAIN_SECONDS * 1_000_000_000L;
    progress.update(new Progress.State(100, 400, 50_000));
    progress.update(new Progress.State(101, 400, 50_001));

    assertThat(out.toString(UTF_8).lines())
        .containsExactly(
            "loading [######..................]  25 %  50,000 entries, 100 B, 10,000 entries/s,"
                + " 15 s left");
  }

  @Test
  void anUnknownTotalShowsNoBar() {
    Progress progress = start(false);
    nanos += 10_000_000_000L;
    progress.update(new Progress.State(2048, -1, 20));

    assertThat(out.toString(UTF_8).strip()).isEqualTo("loading 20 entries, 2.0 KiB, 2 entries/s");
  }

  @Test
  void aTerminalGetsOneLineRewrittenAndClearedAtTheEnd() {
    Progress progress = start(true);
    nanos += 1_000_000_000L;
    progress.update(new Progress.State(200, 400, 5));
    progress.close();

    assertThat(out.toString(UTF_8)).startsWith("\r\033[Kloading [").endsWith("\r\033[K");
    assertThat(out.toString(UTF_8)).doesNotContain("\n");
  }

  private Progress start(boolean live) {
    return new Progress("loading", new PrintStream(out, true, UTF_8), live, () -> nanos);
  }
}
