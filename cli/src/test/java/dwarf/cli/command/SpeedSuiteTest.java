package dwarf.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dwarf.bench.report.JsonFile;
import dwarf.cli.Io;
import dwarf.evaluate.catalog.Catalog;
import dwarf.evaluate.catalog.Scenario;
import dwarf.evaluate.run.Turns;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One row of the suite, with real processes, and the table it prints. */
class SpeedSuiteTest {

  /** There is time for one round only. */
  private static final Turns TURNS = new Turns(5, Duration.ZERO);

  @TempDir Path working;

  @Test
  @Timeout(120)
  void aRowShowsBothEnginesTheirRatioAndTheGoal() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Io io =
        new Io(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    List<Scenario> scenarios = Catalog.only(Catalog.speed(), List.of("synced-writes"));
    Path json = working.resolve("speed.json");
    boolean fine = new SpeedSuite(io, scenarios, TURNS).run(working.resolve("run"), json);
    assertThat(fine).as(err.toString(StandardCharsets.UTF_8)).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Synced writes", "fillsync[threads=4-writes=", "ops/s")
        .containsPattern("at least 1\\.5 +1\\n");
    JsonNode row = JsonFile.read(json).at("/scenarios/0/experiments/0/rows/0");
    assertThat(row.path("ours").path("median").asDouble()).isPositive();
    assertThat(row.path("peer").path("median").asDouble()).isPositive();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("round 1").doesNotContain("round 2");
  }
}
