package dwarf.evaluate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.evaluate.catalog.Catalog;
import dwarf.evaluate.catalog.Engine;
import dwarf.evaluate.catalog.Experiment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowsTest {

  private static final Experiment SUSTAINED =
      Catalog.only(Catalog.full(), List.of("sustained")).getFirst().experiments().getFirst();

  /** One benchmark on one node. */
  private static JsonNode load(double opsPerSecond, double p99) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("benchmark", "fillrandom").put("opsPerSecond", opsPerSecond);
    result.putObject("latencyMicros").putObject("write").put("p50", 1).put("p99", p99);
    ObjectNode load = JsonNodeFactory.instance.objectNode();
    load.putArray("results").add(result);
    return load;
  }

  private static TrialResult trial(Engine engine, JsonNode... loads) {
    return new TrialResult(engine, 1, 10, Arrays.asList(loads), Map.of(), List.of());
  }

  @Test
  void mediansSpreadAndRatio() {
    ArrayNode rows =
        new Rows(
                SUSTAINED,
                List.of(
                    trial(Engine.DWARF, load(300, 5)),
                    trial(Engine.ROCKSDB, load(90, 50)),
                    trial(Engine.DWARF, load(100, 7)),
                    trial(Engine.ROCKSDB, load(100, 40)),
                    trial(Engine.DWARF, load(200, 6)),
                    trial(Engine.ROCKSDB, load(110, 60))))
            .json();
    JsonNode throughput = rows.get(0);
    assertThat(throughput.path("benchmark").asText()).isEqualTo("fillrandom");
    assertThat(throughput.path("ours").path("median").asDouble()).isEqualTo(200);
    assertThat(throughput.path("ours").path("least").asDouble()).isEqualTo(100);
    assertThat(throughput.path("ours").path("most").asDouble()).isEqualTo(300);
    assertThat(throughput.path("ours").path("values")).hasSize(3);
    assertThat(throughput.path("ratio").asDouble()).isEqualTo(2);
    assertThat(throughput.path("claim").path("text").asText()).isNotEmpty();
    assertThat(throughput.path("latency").path("peer").path("write").path("p99").asDouble())
        .isEqualTo(50);
    JsonNode p99 = rows.get(1);
    assertThat(p99.path("benchmark").asText()).isEqualTo("fillrandom write p99");
    assertThat(p99.path("better").asText()).isEqualTo("lower");
    assertThat(p99.path("ratio").asDouble()).isCloseTo(6.0 / 50, within(1e-9));
    assertThat(p99.has("latency")).isFalse();
    assertThat(p99.has("claim")).isTrue();
  }

  @Test
  void busyNodesAddUpAndTheSlowestIsTheLatency() {
    ArrayNode rows =
        new Rows(SUSTAINED, List.of(trial(Engine.DWARF, load(100, 5), load(50, 9)))).json();
    assertThat(rows.get(0).path("ours").path("median").asDouble()).isEqualTo(150);
    assertThat(rows.get(1).path("ours").path("median").asDouble()).isEqualTo(9);
  }

  @Test
  void aSideThatFailedLeavesItsRowAndNoRatio() {
    ArrayNode rows = new Rows(SUSTAINED, List.of(trial(Engine.ROCKSDB, load(100, 5)))).json();
    assertThat(rows.get(0).has("peer")).isTrue();
    assertThat(rows.get(0).has("ours")).isFalse();
    assertThat(rows.get(0).has("ratio")).isFalse();
  }
}
