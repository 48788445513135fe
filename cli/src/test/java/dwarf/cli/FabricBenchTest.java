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
        CliRun.of("fabric-bench", "--only", "inproc,tcp", "--seconds", "0.02", "--json", json);
    assertThat(run.err()).contains("measuring inproc", "measuring tcp");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("(socket)", "inproc", "tcp").doesNotContain("ucx");
    JsonNode transports = new JsonMapper().readTree(json.toFile()).path("transports");
    for (String name : List.of("inproc", "tcp")) {
      for (String operation : List.of("request", "request8", "read4KiB", "write16MiB")) {
        JsonNode result = transports.path(name).path(operation);
        assertThat(result.path("perSecond").asDouble()).as(name + operation).isPositive();
        assertThat(result.path("medianMicros").asDouble()).as(name + operation).isPositive();
      }
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
