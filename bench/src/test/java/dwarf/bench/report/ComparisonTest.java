package dwarf.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void threeRoundsAreJudgedByTheirSpread() {
    ObjectNode base = run(1000, 1010, 1020);
    assertThat(new Comparison(base, run(980, 985, 990)).isWorse()).isFalse();
    assertThat(new Comparison(base, run(900, 905, 910)).isWorse()).isTrue();
    ObjectNode noisy = run(700, 1000, 1100);
    assertThat(new Comparison(noisy, run(900, 905, 910)).isWorse()).isFalse();
  }

  @Test
  void oneRoundIsJudgedByItsIntervals() {
    ObjectNode base = run(1000);
    intervals(base, 1000, 1001, 999, 1000, 1002, 998, 1000, 1000, 1000);
    ObjectNode now = run(950);
    intervals(now, 950, 951, 949, 950, 952, 948, 950, 950, 950);
    assertThat(new Comparison(base, now).isWorse()).isFalse();
    ObjectNode slow = run(880);
    intervals(slow, 880, 881, 879, 880, 882, 878, 880, 880, 880);
    assertThat(new Comparison(base, slow).isWorse()).isTrue();
    ObjectNode bumpy = run(800);
    intervals(bumpy, 500, 1100, 800, 600, 1000, 550, 1050, 800, 800);
    assertThat(new Comparison(base, bumpy).isWorse()).isFalse();
  }

  @Test
  void aShortRoundSaysLittle() {
    assertThat(new Comparison(run(1000), run(800)).isWorse()).isFalse();
    assertThat(new Comparison(run(1000), run(700)).isWorse()).isTrue();
  }

  @Test
  void aGivenRateIsJudgedByTheTail() {
    ObjectNode base = run(1000, 1000, 1000);
    ObjectNode now = run(1000, 1000, 1000);
    ((ObjectNode) now.path("configuration")).put("ops_per_sec", "1000.0");
    assertThat(new Comparison(base, now).isWorse()).isFalse();
    now.path("results").forEach(round -> latency((ObjectNode) round, 200));
    Comparison comparison = new Comparison(base, now);
    assertThat(comparison.isWorse()).isTrue();
    assertThat(comparison.lines()).anyMatch(line -> line.contains("differs: --ops_per_sec"));
  }

  @Test
  void whatOnlyOneSideHasIsSaid() {
    ObjectNode base = run(1000);
    ObjectNode now = run(1000);
    ((ObjectNode) now.path("results").get(0)).put("benchmark", "readseq");
    assertThat(new Comparison(base, now).lines())
        .contains("fillseq is only in the base", "readseq is not in the base");
  }

  private static ObjectNode run(double... rates) {
    ObjectNode run = JsonNodeFactory.instance.objectNode();
    run.put("engine", "dwarf").put("started", "2026-01-01T00:00:00Z");
    run.putObject("configuration");
    ArrayNode results = run.putArray("results");
    for (double rate : rates) {
      ObjectNode round = results.addObject();
      round.put("benchmark", "fillseq").put("opsPerSecond", rate);
      latency(round, 100);
    }
    return run;
  }

  private static void latency(ObjectNode round, double p99) {
    round.putObject("latencyMicros").putObject("write").put("p99", p99);
  }

  private static void intervals(ObjectNode run, long... rates) {
    ArrayNode all =
        ((ObjectNode) run.path("results").get(0)).putObject("throughput").putArray("opsPerSecond");
    for (long rate : rates) {
      all.add(rate);
    }
  }
}
