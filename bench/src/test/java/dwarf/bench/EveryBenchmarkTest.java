package dwarf.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dwarf.bench.load.Benchmark;
import dwarf.bench.report.JsonFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every benchmark does what it counts, on both engines, and tells it in the same form. */
class EveryBenchmarkTest {

  private static final int NUM = 2000;
  private static final int THREADS = 2;

  /** Deletions last, since nothing is left to read after them. */
  private static final String ALL =
      "fillseq,fillbatch,fillsync,fillrandom,fillseq,overwrite,readrandom,multireadrandom,"
          + "readmissing,readseq,readreverse,seekrandom,readwhilewriting,readrandomwriterandom,"
          + "deleterandom,deleteseq";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"dwarf", "rocksdb"})
  void operationsAreRealAndCounted(String engine) {
    JsonNode run = run(engine);
    assertThat(names(run)).containsExactlyInAnyOrderElementsOf(everyBenchmark());
    for (JsonNode result : run.path("results")) {
      String name = result.path("benchmark").asText();
      long expected = name.equals("fillsync") ? THREADS * (NUM / 1000) : THREADS * NUM;
      assertThat(result.path("operations").asLong()).as(name).isEqualTo(expected);
      boolean misses = name.equals("readmissing");
      boolean reads = name.contains("read") || name.startsWith("seek");
      if (reads && !misses) {
        assertThat(result.path("found").asLong()).as(name).isPositive();
        assertThat(result.path("missed").asLong()).as(name).isZero();
      } else if (misses) {
        assertThat(result.path("found").asLong()).as(name).isZero();
        assertThat(result.path("missed").asLong()).as(name).isEqualTo(expected);
      }
      assertThat(result.path("latencyMicros").size()).as(name).isPositive();
      assertThat(result.path("opsPerSecond").asDouble()).as(name).isPositive();
    }
    JsonNode readAndWritten = result(run, "readwhilewriting");
    long beside = readAndWritten.path("background").path("operations").asLong();
    assertThat(beside).isPositive();
    JsonNode writes = readAndWritten.path("latencyMicros").path("write");
    assertThat(writes.path("count").asLong()).isEqualTo(beside);
    JsonNode mixed = result(run, "readrandomwriterandom");
    assertThat(mixed.path("found").asLong()).isEqualTo(THREADS * NUM * 9 / 10);
    JsonNode seeks = result(run, "seekrandom");
    assertThat(seeks.path("bytes").asLong()).isBetween(THREADS * NUM * 116L, THREADS * NUM * 348L);
  }

  @Test
  void theJsonOfBothEnginesHasOneShape() {
    assertThat(shape(run("dwarf"), "")).isEqualTo(shape(run("rocksdb"), ""));
  }

  private JsonNode run(String engine) {
    Path json = directory.resolve(engine + ".json");
    Bench bench =
        Bench.run(
            "--engine=" + engine,
            "--benchmarks=" + ALL,
            "--num=" + NUM,
            "--threads=" + THREADS,
            "--seek_nexts=3",
            "--batch_size=7",
            "--write_buffer_size=128K",
            "--seed=42",
            "--db=" + directory.resolve("db-" + engine),
            "--json=" + json);
    assertThat(bench.fine()).isTrue();
    assertThat(bench.out()).contains("micros/op").contains("ops/sec").contains("MB/s");
    return JsonFile.read(json);
  }

  private static Set<String> everyBenchmark() {
    return Arrays.stream(Benchmark.values()).map(Benchmark::text).collect(Collectors.toSet());
  }

  private static Set<String> names(JsonNode run) {
    return new TreeSet<>(run.path("results").findValuesAsText("benchmark"));
  }

  private static JsonNode result(JsonNode run, String name) {
    for (JsonNode result : run.path("results")) {
      if (result.path("benchmark").asText().equals(name)) {
        return result;
      }
    }
    throw new AssertionError("no result of " + name);
  }

  /** The paths of all fields, with their types; the engine's own counters are its own. */
  private static Set<String> shape(JsonNode node, String path) {
    Set<String> paths = new TreeSet<>(List.of(path + " " + node.getNodeType()));
    if (node.isObject() && !path.endsWith("engineStatistics")) {
      node.fieldNames()
          .forEachRemaining(name -> paths.addAll(shape(node.get(name), path + "/" + name)));
    } else if (node.isArray()) {
      for (JsonNode element : node) {
        paths.addAll(shape(element, path + "[]"));
      }
    }
    return paths;
  }
}
