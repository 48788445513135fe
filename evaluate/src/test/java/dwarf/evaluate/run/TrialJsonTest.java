package dwarf.evaluate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dwarf.evaluate.catalog.Engine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialJsonTest {

  private static final String OURS =
      """
      {"configuration": {"key_size": "16", "value_size": "84"},
       "engineStatistics": {"write.records": 1000, "wal.bytes": 120000, "flush.bytes": 50000,
          "offload.bytes.shipped": 90000, "rocksdb.ticker.compact_write_bytes": 30000,
          "rocksdb.ticker.flush_write_bytes": 7},
       "between": [{"operation": "flush", "seconds": 1.5},
          {"operation": "waitforcompaction", "seconds": 0.5}],
       "results": [{"benchmark": "fillrandom", "seconds": 0.6,
          "throughput": {"endSeconds": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
             "opsPerSecond": [10, 0, 0, 20, 0, 5]},
          "memoryBytes": {"endSeconds": [0.1], "memtables": [1], "dm": [2], "blockCache": [3],
             "process": [4]}}]}
      """;

  private static final String PEERS =
      """
      {"configuration": {"key_size": "16", "value_size": "84"},
       "engineStatistics": {"rocksdb.ticker.number_keys_written": 1000,
          "rocksdb.ticker.wal_file_bytes": 130000, "rocksdb.ticker.flush_write_bytes": 60000,
          "rocksdb.ticker.compact_write_bytes": 10000},
       "between": [], "results": []}
      """;

  private static JsonNode trial(Engine engine, String load) throws Exception {
    Map<String, TrialResult.NodeUse> use =
        Map.of(
            "compute", new TrialResult.NodeUse(2.5, 1000, 10),
            "memory", new TrialResult.NodeUse(0.5, -1, -1));
    return TrialJson.of(
        new TrialResult(
            engine, 2, 9, List.of(new ObjectMapper().readTree(load)), use, List.of("cmd")));
  }

  @Test
  void bytesOfBothEnginesComeFromTheirOwnCounters() throws Exception {
    JsonNode ours = trial(Engine.DWARF, OURS);
    assertThat(ours.path("bytes").path("user").asLong()).isEqualTo(100_000);
    assertThat(ours.path("bytes").path("log").asLong()).isEqualTo(120_000);
    assertThat(ours.path("bytes").path("flush").asLong()).isEqualTo(50_000);
    assertThat(ours.path("bytes").path("shipped to DM").asLong()).isEqualTo(90_000);
    assertThat(ours.path("writeAmplification").asDouble()).isEqualTo(2.0);
    assertThat(ours.path("drainSeconds").asDouble()).isEqualTo(2.0);
    JsonNode peers = trial(Engine.ROCKSDB, PEERS);
    assertThat(peers.path("bytes").path("flush").asLong()).isEqualTo(60_000);
    assertThat(peers.path("writeAmplification").asDouble()).isEqualTo(2.0);
  }

  @Test
  void theLongestStallIsTheLongestTimeWithoutAnyOperation() throws Exception {
    JsonNode benchmark = trial(Engine.DWARF, OURS).path("benchmarks").get(0);
    assertThat(Math.round(benchmark.path("longestStallSeconds").asDouble() * 10)).isEqualTo(2);
    assertThat(benchmark.path("memory").path("series").path("memtables in DM").get(0).asLong())
        .isEqualTo(2);
  }

  @Test
  void nodesAreThereWithWhatIsKnownOfThem() throws Exception {
    JsonNode ours = trial(Engine.DWARF, OURS);
    assertThat(ours.path("cpuSeconds").path("memory").asDouble()).isEqualTo(0.5);
    assertThat(ours.path("storage").path("compute").path("written").asLong()).isEqualTo(1000);
    assertThat(ours.path("storage").has("memory")).isFalse();
  }
}
