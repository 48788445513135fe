package dwarf.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dwarf.cli.demo.EngineClient.EngineState;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoReportTest {

  private final DemoReport report = new DemoReport();

  @Test
  void succeedsOnlyIfEveryPathWasTakenAndNothingWasLost() throws IOException {
    assertThat(report.failures()).hasSizeGreaterThan(8);
    fill();
    assertThat(report.failures()).isEmpty();

    report.compared(state("{\"verified\":99,\"lost\":1}"));
    assertThat(report.failures())
        .containsExactlyInAnyOrder("1 values were lost or wrong", "99 of 100 values were verified");
    report.compared(state("{\"verified\":100,\"lost\":0}"));
    assertThat(report.failures()).containsExactly("1 values were lost or wrong");
  }

  @Test
  void shippingMoreThanWasUsedIsAFailure() throws IOException {
    fill();
    report.counters(Map.of("offload.bytes.used", 1000L, "offload.bytes.shipped", 2000L));
    assertThat(report.failures()).contains("2105 bytes were shipped for 1100 bytes of memtables");
  }

  @Test
  void countersOfAKilledEngineAreAddedUp() throws IOException {
    fill();
    assertThat(report.total("reads.delegated")).isEqualTo(12);
    assertThat(report.toJson())
        .containsEntry("delegatedGets", 12L)
        .containsEntry("entries", 100)
        .containsEntry("recoveryMillis", 250L)
        .hasSize(12);
    assertThat(DemoSummary.lines(report, 61).get(1))
        .isEqualTo("Result, after 61 s: 100 entries, 100 verified, 0 lost");
  }

  private void fill() throws IOException {
    Map<String, Long> first = new HashMap<>();
    first.put("reads.delegated", 5L);
    first.put("reads.one-sided", 5L);
    first.put("reads.sst", 5L);
    first.put("offload.bytes.used", 100L);
    first.put("offload.bytes.shipped", 105L);
    report.counters(first);
    report.engineEnded();
    report.counters(Map.of("reads.delegated", 7L, "flush.tasks.remote", 3L));
    report.entries(100);
    report.loaded(state("{\"activeGets\":1,\"sealedLocalGets\":2}"));
    report.compared(state("{\"verified\":100,\"lost\":0}"));
    report.recovered(250);
    report.scanned(true);
    report.memoryNodeKilled(true);
    report.engineSurvivedIt(true);
  }

  private static EngineState state(String json) throws IOException {
    return EngineState.of(new JsonMapper().readTree(json));
  }
}
