package dwarf.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dwarf.base.ByteSize;
import dwarf.base.DwarfException;
import dwarf.fabric.Fabrics;
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
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The main job: a file several times larger than the local write buffers goes through an external
 * memory node and two workers, all processes of their own. At its real size over one transport, and
 * an eighth of it over the others.
 */
class BulkLoadTest {

  private static final int LINES_PER_MIB = 62_500;
  private static final int VALUE_CHARACTERS = 100;

  /** Odd, so that multiplying by it scatters the keys without joining any two. */
  private static final int SCATTER = 0x9E3779B1;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  /** For each process. */
  private List<String> flags;

  private int mebibytes;

  private static String line(int number) {
    String value = number + "/" + Integer.toString(number * 31, 36) + "/";
    return "%08x\t%s"
        .formatted(number * SCATTER, value.repeat(VALUE_CHARACTERS).substring(0, VALUE_CHARACTERS));
  }

  @ParameterizedTest(name = "{0} {1}, write buffers of {2} MiB")
  @CsvSource({
    "tcp, '', 8",
    "shm, '', 1",
    "ucx, tcp, 1",
    "ucx, 'posix,sysv,tcp', 1",
  })
  void aFileLargerThanLocalMemoryLoadsWithinItAndReadsBack(
      String scheme, String ucxTransports, int bufferMebibytes) throws IOException {
    assumeThere(scheme);
    flags = List.of("-Xmx64m", "-XX:+UseSerialGC", "-Ddwarf.ucx.tls=" + ucxTransports);
    mebibytes = bufferMebibytes;
    Path input = directory.resolve("in.tsv");
    try (BufferedWriter out = Files.newBufferedWriter(input)) {
      for (int number = 0; number < lines(); number++) {
        out.write(line(number));
        out.write('\n');
      }
    }
    String listen = scheme + "://" + (scheme.equals("shm") ? UUID.randomUUID() : "127.0.0.1:0");
    try (Children children = new Children(DwarfCli.class, directory)) {
      ChildProcess node =
          start(children, "node", "memory-node", "--listen", listen, "--pool", "256MiB");
      String address = node.receive(PATIENCE).replaceAll(".*on (" + scheme + "://[^,]*),.*", "$1");
      for (String name : List.of("worker1", "worker2")) {
        String storage = directory.toString();
        start(children, name, "worker", "--memory-node", address, "--storage", storage)
            .receive(PATIENCE);
      }
      checkSummary(load(children, input, address));
      checkContent(start(children, "scan", toolArguments("scan", address)));
    }
  }

  private int lines() {
    return mebibytes * LINES_PER_MIB;
  }

  private long memtableLimit() {
    return (4L * mebibytes) << 20;
  }

  private static void assumeThere(String scheme) {
    try {
      Fabrics.open(scheme).close();
    } catch (DwarfException e) {
      assertThat(e.kind()).as(e.getMessage()).isEqualTo(DwarfException.Kind.NOT_SUPPORTED);
      System.out.println("NOT RUN over " + scheme + ": " + e.getMessage());
      abort(e.getMessage());
    }
  }

  private ChildProcess start(Children children, String name, String... arguments) {
    return children.start(name, flags, List.of(arguments));
  }

  private String[] toolArguments(String tool, String address, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                tool,
                directory.resolve("db").toString(),
                "--memory-node=" + address,
                "--storage-root=" + directory,
                "--write-buffer-size=" + mebibytes + "MiB",
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

  private void checkSummary(String summary) {
    System.out.println(summary);
    assertThat(summary).contains(String.format(Locale.ROOT, "loaded %,d entries", lines()));
    long memtables = size(summary, "memtables and send buffers ([^,]*) at most");
    assertThat(memtables).isPositive().isLessThan(memtableLimit());
    assertThat(size(summary, "local memory given back: (.*)")).isGreaterThan(memtableLimit());
    assertThat(size(summary, "memory node: \\d+ memtables \\(([^)]*)\\)"))
        .isGreaterThan(memtableLimit());
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

  private void checkContent(ChildProcess scan) {
    BitSet seen = new BitSet(lines());
    String previous = "";
    for (int row = 0; row < lines(); row++) {
      String found = scan.receive(PATIENCE);
      int number = Integer.parseInt(found.substring(9, found.indexOf('/')));
      assertThat(found).isEqualTo(line(number)).isGreaterThan(previous);
      seen.set(number);
      previous = found;
    }
    assertThat(seen.cardinality()).isEqualTo(lines());
  }
}
