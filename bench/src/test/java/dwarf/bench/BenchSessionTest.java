package dwarf.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import dwarf.bench.report.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchSessionTest {

  private static final List<String> SMALL = List.of("--num=500", "--seed=7");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"dwarf", "rocksdb"})
  void readsThatFindNothingAreAFailure(String engine) {
    assertThatThrownBy(() -> Bench.run(SMALL, "--engine=" + engine, "--benchmarks=readrandom"))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("readrandom found none");
    assertThatThrownBy(
            () -> Bench.run(SMALL, "--engine=" + engine, "--benchmarks=fillseq,deleteseq,readseq"))
        .hasMessageContaining("readseq found none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dwarf", "rocksdb"})
  void anExistingDatabaseIsKeptAndChecked(String engine) throws IOException {
    String db = "--db=" + directory.resolve("db");
    Bench.run(SMALL, "--engine=" + engine, "--benchmarks=fillseq", db);
    Bench again =
        Bench.run(
            SMALL,
            "--engine=" + engine,
            "--benchmarks=fillrandom,readrandom",
            "--use_existing_db",
            db);
    assertThat(again.out()).contains("skipped (--use_existing_db is true)");
    assertThat(again.out()).contains("(500 of 500 found)");
    assertThatThrownBy(
            () ->
                Bench.run(
                    SMALL,
                    "--engine=" + engine,
                    "--benchmarks=readrandom",
                    "--use_existing_db",
                    "--key_size=24",
                    db))
        .hasMessageContaining("found none");
  }

  @Test
  void whatItHasNotMadeIsNotRemoved() throws IOException {
    Path mine = directory.resolve("mine");
    Files.createDirectories(mine);
    Files.writeString(mine.resolve("thesis"), "years of work");
    assertThatThrownBy(() -> Bench.run(SMALL, "--benchmarks=fillseq", "--db=" + mine))
        .hasMessageContaining("has not made");
    assertThat(mine.resolve("thesis")).exists();
    String own = "--db=" + directory.resolve("own");
    Bench.run(SMALL, "--benchmarks=fillseq", own);
    Bench second = Bench.run(SMALL, "--benchmarks=fillseq,readseq,fillseq,readseq", own);
    assertThat(second.out()).contains("(500 of 500 found)");
  }

  @ParameterizedTest
  @EnumSource(dwarf.bench.keys.KeyDistribution.class)
  void everyDistributionReadsWhatItWrote(dwarf.bench.keys.KeyDistribution distribution) {
    Bench bench =
        Bench.run(
            SMALL,
            "--benchmarks=fillseq,readrandom,readmissing,fillrandom,readrandom,seekrandom",
            "--key_distribution=" + distribution);
    assertThat(bench.out()).contains("(500 of 500 found)").contains("(0 of 500 found)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dwarf", "rocksdb"})
  void betweenBenchmarksDataIsMovedToSstFiles(String engine) {
    Path json = directory.resolve("run.json");
    Bench bench =
        Bench.run(
            SMALL,
            "--engine=" + engine,
            "--benchmarks=fillseq,flush,readrandom,overwrite,compact,waitforcompaction,readseq",
            "--json=" + json);
    assertThat(bench.out()).contains("flush        : done in").contains("(500 of 500 found)");
    JsonNode reads = JsonFile.read(json).path("results").get(1);
    assertThat(reads.path("tier").path("rocksdb.total-sst-files-size").asLong()).isPositive();
  }

  /** Before, it waited for ever for one that is pending and will not begin. */
  @ParameterizedTest
  @ValueSource(strings = {"dwarf", "rocksdb"})
  @Timeout(60)
  void compactionsThatAreSwitchedOffAreNotWaitedFor(String engine) {
    Bench bench =
        Bench.run(
            "--num=3000",
            "--engine=" + engine,
            "--benchmarks=fillrandom,flush,overwrite,flush,waitforcompaction",
            "--write_buffer_size=64K",
            "--level0_file_num_compaction_trigger=2",
            "--disable_auto_compactions");
    assertThat(bench.out()).contains("waitforcompaction : done");
  }

  @Test
  void roundsAndWarmUps() {
    Path json = directory.resolve("run.json");
    Bench bench =
        Bench.run(
            SMALL, "--engine=rocksdb", "--benchmarks=fillseq,readrandom[W1-X3]", "--json=" + json);
    assertThat(bench.out()).contains("readrandom   [3 runs] : median");
    assertThat(JsonFile.read(json).path("results")).hasSize(4);
  }

  /** 500 writes choose about 316 keys of 500: a second helping would leave more. */
  @ParameterizedTest
  @ValueSource(strings = {"dwarf", "rocksdb"})
  void whatAWarmUpWroteIsNotThereWhenAFillBegins(String engine) {
    Bench bench =
        Bench.run(
            SMALL,
            "--engine=" + engine,
            "--benchmarks=fillrandom[W2-X1],readrandom",
            "--warmup_seconds=1",
            "--reads=2000");
    Matcher found = Pattern.compile("\\((\\d+) of 2000 found\\)").matcher(bench.out());
    assertThat(found.find()).isTrue();
    assertThat(Integer.parseInt(found.group(1))).isBetween(1000, 1500);
  }

  /** 4 times 500 choices among 2000 keys meet 63 of 100; all threads the same: 22 of 100. */
  @Test
  void threadsChooseKeysOfTheirOwn() {
    Bench bench =
        Bench.run(
            "--num=2000",
            "--engine=rocksdb",
            "--benchmarks=fillrandom[threads=4-writes=500],readrandom[threads=4]",
            "--reads=2000");
    Matcher found = Pattern.compile("\\((\\d+) of 8000 found\\)").matcher(bench.out());
    assertThat(found.find()).as(bench.out()).isTrue();
    assertThat(Integer.parseInt(found.group(1))).isBetween(4500, 5600);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dwarf", "rocksdb"})
  void theJsonTellsOfMemoryAndOfTheWholeRun(String engine) {
    Path json = directory.resolve("run.json");
    Bench.run(
        SMALL,
        "--engine=" + engine,
        "--benchmarks=fillseq,flush",
        "--statistics",
        "--json=" + json);
    JsonNode run = JsonFile.read(json);
    assertThat(run.path("between").get(0).path("operation").asText()).isEqualTo("flush");
    assertThat(run.path("engineStatistics")).isNotEmpty();
    JsonNode memory = run.path("results").get(0).path("memoryBytes");
    int last = memory.path("endSeconds").size() - 1;
    assertThat(memory.path("memtables").get(last).asLong()).isPositive();
    assertThat(memory.path("process").get(last).asLong()).isGreaterThan(1 << 20);
  }

  @Test
  void runsByTimeAndAtARate() {
    Path json = directory.resolve("run.json");
    Bench bench =
        Bench.run(
            SMALL,
            "--engine=rocksdb",
            "--benchmarks=fillseq,readrandom",
            "--duration=1",
            "--threads=2",
            "--ops_per_sec=2000",
            "--histogram",
            "--json=" + json);
    assertThat(bench.out()).contains("Percentiles: P50:");
    JsonNode reads = JsonFile.read(json).path("results").get(1);
    assertThat(reads.path("operations").asLong()).isBetween(1L, 2100L);
    assertThat(reads.path("latencyFrom").asText()).isEqualTo("when it was due");
  }

  @Test
  void readsMayRunByTimeWhileWritesRunByCount() {
    Path json = directory.resolve("run.json");
    Bench.run(
        SMALL,
        "--engine=rocksdb",
        "--benchmarks=fillrandom,readrandom",
        "--read_duration=1",
        "--json=" + json);
    JsonNode results = JsonFile.read(json).path("results");
    assertThat(results.get(0).path("operations").asLong()).isEqualTo(500);
    assertThat(results.get(1).path("seconds").asDouble()).isBetween(0.9, 5.0);
  }

  @Test
  void stagesAreAnnouncedAndWaitedFor() {
    String[] arguments = {
      "--engine=rocksdb",
      "--num=500",
      "--benchmarks=fillrandom[W1-X1],flush,readrandom,seekrandom[W1-X2]",
      "--stage_signals"
    };
    Bench bench = Bench.runTold("go\ngo\ngo\n", arguments);
    assertThat(bench.out().lines().filter(line -> line.startsWith(StageSignals.LINE)))
        .containsExactly("stage: MEASURED", "stage: WARM_UP", "stage: MEASURED");
    assertThatThrownBy(() -> Bench.runTold("go\n", arguments))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("--stage_signals");
  }

  @Test
  void comparisonFailsWhenSomethingIsWorse() {
    Path base = directory.resolve("base.json");
    Bench.run(SMALL, "--engine=rocksdb", "--benchmarks=fillseq", "--json=" + base);
    ObjectNode faster = (ObjectNode) JsonFile.read(base);
    ((ObjectNode) faster.path("results").get(0)).put("opsPerSecond", 1e12);
    JsonFile.write(base, faster);
    Bench bench = Bench.run(SMALL, "--engine=rocksdb", "--benchmarks=fillseq", "--compare=" + base);
    assertThat(bench.fine()).isFalse();
    assertThat(bench.out()).contains("WORSE");
  }
}
