package dwarf.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.bench.load.Benchmark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class LiveLineTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, UTF_8);

  @Test
  void shortBenchmarksAreQuiet() {
    LiveLine line = new LiveLine(err, true, 0);
    line.progress(Benchmark.FILLSEQ, 1.9, 1000);
    assertThat(bytes.size()).isZero();
    line.progress(Benchmark.FILLSEQ, 2.1, 2100);
    assertThat(shown()).contains("fillseq ... (2100,2100) ops and (1000.0,1000.0)");
    line.clear();
    assertThat(shown()).endsWith("\r\033[K");
  }

  @Test
  void aStatsIntervalTellsEachInterval() {
    LiveLine line = new LiveLine(err, false, 1);
    for (int tenth = 1; tenth <= 25; tenth++) {
      line.progress(Benchmark.READRANDOM, tenth / 10.0, tenth * 50L);
    }
    assertThat(shown().lines())
        .containsExactly(
            "readrandom ... (500,500) ops and (500.0,500.0) ops/second in (1.0,1.0) seconds",
            "readrandom ... (500,1000) ops and (500.0,500.0) ops/second in (1.0,2.0) seconds");
    line.progress(Benchmark.READSEQ, 1.0, 10);
    assertThat(shown()).contains("readseq ... (10,10)");
  }

  private String shown() {
    return bytes.toString(UTF_8);
  }
}
