package dwarf.evaluate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dwarf.base.DwarfException;
import org.junit.jupiter.api.Test;

class YcsbOutputTest {

  private static final String LOAD_THEN_RUN =
      """
      [OVERALL], RunTime(ms), 5000
      [OVERALL], Throughput(ops/sec), 200.0
      [INSERT], Operations, 1000
      [INSERT], 99thPercentileLatency(us), 4000
      a line of somebody else
      [OVERALL], RunTime(ms), 2500
      [OVERALL], Throughput(ops/sec), 400.5
      [CLEANUP], 99thPercentileLatency(us), 999999
      [READ], 50thPercentileLatency(us), 7
      [READ], 99thPercentileLatency(us), 70
      [READ], 99.9PercentileLatency(us), 300
      [READ], MaxLatency(us), 1000
      [READ-MODIFY-WRITE], 99thPercentileLatency(us), 90
      [READ], Return=OK, 1000
      """;

  @Test
  void theRunCountsAndNotTheLoadBefore() {
    YcsbOutput output = new YcsbOutput("ycsb-f");
    LOAD_THEN_RUN.lines().forEach(output::line);
    JsonNode result = output.json().path("results").get(0);
    assertThat(result.path("benchmark").asText()).isEqualTo("ycsb-f");
    assertThat(result.path("opsPerSecond").asDouble()).isEqualTo(400.5);
    assertThat(result.path("seconds").asDouble()).isEqualTo(2.5);
    JsonNode latencies = result.path("latencyMicros");
    assertThat(latencies.path("read").path("p50").asDouble()).isEqualTo(7);
    assertThat(latencies.path("read").path("p99").asDouble()).isEqualTo(70);
    assertThat(latencies.path("read").path("p99.9").asDouble()).isEqualTo(300);
    assertThat(latencies.path("read").path("max").asDouble()).isEqualTo(1000);
    assertThat(latencies.path("read-modify-write").path("p99").asDouble()).isEqualTo(90);
    assertThat(latencies.has("insert")).isFalse();
    assertThat(latencies.has("cleanup")).isFalse();
  }

  @Test
  void aClientThatSaysNothingIsAFailure() {
    YcsbOutput output = new YcsbOutput("ycsb-a");
    output.line("[OVERALL], RunTime(ms), 5000");
    assertThatThrownBy(output::json)
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("no throughput");
  }
}
