package dwarf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.ByteSize;
import dwarf.process.ChildProcess;
import dwarf.process.Children;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job at its real size: a file several times larger than the local write buffers goes
 * through an external memory node and two workers, all processes of their own.
 */
class BulkLoadTest {

  private static final int LINES = 500_000;
  private static final long MEMTABLE_LIMIT = 32L << 20;
  private static final int VALUE_CHARACTERS = 100;

  /** Odd, so that multiplying by it scatters the keys without joining any two. */
  private static final int SCATTER = 0x9E3779B1;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> SMALL = List.of("-Xmx64m", "-XX:+UseSerialGC");

  @TempDir Path directory;

  private static String line(int number) {
    String value = number + "/" + Integer.toString(number * 31, 36) + "/";
    return "%08x\t%s"
        .formatted(number * SCATTER, value.repeat(VALUE_CHARACTERS).substring(0, VALUE_CHARACTERS));
  }

  @Test
  void aFileLargerThanLocalMemoryLoadsWithinItAndReadsBack() throws IOException {
    Path input = directory.resolve("in.tsv");
    try (BufferedWriter out = Files.newBufferedWriter(input)) {
      for (int number = 0; number < LINES; number++) {
        out.write(line(number));
        out.write('\n');
      }
    }
    try (Children children = new Children(DwarfCli.class, directory)) {
      ChildProcess node =
          start(children, "node", "memory-node", "--listen", "127.0.0.1:0", "--pool", "256MiB");
      String address = node.receive(PATIENCE).replaceAll(".*on (tcp://[^,]*),.*", "$1");
      for (String name : List.of("worker1", "worker2")) {
        String storage = directory.toString();
        start(children, name, "worker", "--memory-node", address, "--storage", storage)
            .receive(PATIENCE);
      }
      checkSummary(load(children, input, address));
      checkContent(start(children, "scan", toolArguments("scan", address)));
    }
  }

  private static ChildProcess start(Children children, String name, String... arguments) {
    return children.start(name, SMALL, List.of(arguments));
  }

  private String[] toolArguments(String tool, String address, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                tool,
                directory.resolve("db").toString(),
                "--memory-node=" + address,
                "--storage-root=" + directory,
                "--write-buffer-size=8MiB",
                "--max-write-buffer-number=2"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private String load(Children children, Path input, String address) {
    ChildProcess load =
        start(children, "load", toolArguments("load", address, input.toString(), "--flush"));
    StringBuilder summary = new StringBuilder();
    String last = "";
    while (!last.contains("this process: resident")) {
      last = load.receive(PATIENCE);
      summary.append(last).append('\n');
    }
    return summary.toString();
  }

  private static void checkSummary(String summary) {
    System.out.println(summary);
    assertThat(summary).contains("loaded 500,000 entries");
    long memtables = size(summary, "memtables and send buffers ([^,]*) at most");
    assertThat(memtables).isPositive().isLessThan(MEMTABLE_LIMIT);
    assertThat(size(summary, "local memory given back: (.*)")).isGreaterThan(MEMTABLE_LIMIT);
    assertThat(size(summary, "memory node: \\d+ memtables \\(([^)]*)\\)"))
        .isGreaterThan(MEMTABLE_LIMIT);
    long grown = size(summary, "at most, now (.*)") - size(summary, "resident ([^,]*) before");
    assertThat(grown).as("resident, the Java heap of 64 MiB included").isLessThan(96L << 20);
  }

  private static long size(String summary, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(summary);
    assertThat(matcher.find()).as("%s in %s", pattern, summary).isTrue();
    String shown = matcher.group(1);
    int space = shown.indexOf(' ');
    double number = Double.parseDouble(shown.substring(0, space));
    return (long) (number * ByteSize.parse("1" + shown.substring(space + 1)));
  }

  private static void checkContent(ChildProcess scan) {
    BitSet seen = new BitSet(LINES);
    String previous = "";
    for (int row = 0; row < LINES; row++) {
      String found = scan.receive(PATIENCE);
      int number = Integer.parseInt(found.substring(9, found.indexOf('/')));
      assertThat(found).isEqualTo(line(number)).isGreaterThan(previous);
      seen.set(number);
      previous = found;
    }
    assertThat(seen.cardinality()).isEqualTo(LINES);
  }
}
