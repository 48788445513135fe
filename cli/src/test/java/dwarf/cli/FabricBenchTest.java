package dwarf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real processes, and too short to mean anything. */
@Timeout(120)
class FabricBenchTest {

  @TempDir Path directory;

  @Test
  void measuresWhatItIsToldToAndWritesItDown() throws Exception {
    Path json = directory.resolve("result.json");
    CliRun run =
        CliRun.of(
            "fabric-bench",
            "--only",
            "inproc,shm,tcp",
            "--seconds",
            "0.02",
            "--warm-up",
            "0.02",
            "--rounds",
            "2",
            "--json",
            json);
    assertThat(run.err())
        .contains("measuring inproc", "measuring shm", "measuring tcp", "round 2 of 2");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("(socket)", "inproc", "tcp").doesNotContain("ucx");
    JsonNode written = new JsonMapper().readTree(json.toFile());
    JsonNode transports = written.path("transports");
    for (String name : List.of("inproc", "shm", "tcp")) {
      for (String operation :
          List.of("request", "request8", "read4KiB", "search4KiB", "write16MiB")) {
        JsonNode result = transports.path(name).path(operation);
        assertThat(result.path("perSecond").asDouble()).as(name + operation).isPositive();
        assertThat(result.path("medianMicros").asDouble()).as(name + operation).isPositive();
      }
    }
    assertThat(written.path("goals")).hasSize(4);
    for (JsonNode goal : written.path("goals")) {
      assertThat(goal.path("what").asText()).contains("shm");
      boolean isLeast = goal.has("least");
      double ratio = goal.path("ratio").asDouble();
      assertThat(goal.path("met").asBoolean()).isEqualTo(isLeast ? ratio >= 1 : ratio <= 1);
    }
  }

  /** Where UCX is not installed, that is said, and it is no failure. */
  @Test
  void measuresUcxBesideUcxAlone() {
    CliRun run =
        CliRun.of(
            "fabric-bench", "--only=ucx-tcp", "--seconds=0.02", "--warm-up=0.02", "--rounds=1");
    assertThat(run.status()).isZero();
    if (run.err().contains("not available")) {
      assertThat(run.err())
          .contains("(ucx-tcp) is not available here", "\nucx-tcp is not available here");
    } else {
      assertThat(run.out())
          .contains("(ucx-tcp)", "ship shards, ucx over TCP", "plain UCX's put")
          .doesNotContain("(ucx-shm)");
    }
  }

  @Test
  void refusesWhatThereIsNot() {
    CliRun run = CliRun.of("fabric-bench", "--only", "pigeon");
    assertThat(run.status()).isEqualTo(ExitCodes.USAGE);
    assertThat(run.err()).contains("pigeon", "inproc");
    assertThat(CliRun.of("fabric-bench", "--seconds", "0").status()).isEqualTo(ExitCodes.USAGE);
  }
}
