package dwarf.ycsb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stock YCSB client, as a process, with each core workload and its own integrity check. */
class StockClientTest {

  private static final int RECORDS = 1_000;
  private static final int OPERATIONS = 2_000;
  private static final Pattern COUNT = Pattern.compile("\\[([A-Z-]+)\\], Operations, (\\d+)");
  private static final Pattern RETURN = Pattern.compile("\\[([A-Z-]+)\\], Return=(\\w+), (\\d+)");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(classes = {DwarfClient.class, RocksClient.class})
  void thePointWorkloadsRunAndKeepTheirData(Class<?> client) throws Exception {
    Path db = directory.resolve("db");
    load(client, "a", db);
    for (String workload : List.of("a", "b", "c", "f", "d")) {
      String ran = run(client, workload, db, "-t");
      assertThat(total(ran)).as(ran).isEqualTo(OPERATIONS);
      assertThat(operations(ran, "VERIFY")).as(ran).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {DwarfClient.class, RocksClient.class})
  void theScanWorkloadRuns(Class<?> client) throws Exception {
    Path db = directory.resolve("db");
    load(client, "e", db);
    String ran = run(client, "e", db, "-t");
    assertThat(total(ran)).as(ran).isEqualTo(OPERATIONS);
  }

  private void load(Class<?> client, String workload, Path db) throws Exception {
    assertThat(operations(run(client, workload, db, "-load"), "INSERT")).isEqualTo(RECORDS);
  }

  private static void copyWorkload(String name, Path to) throws IOException {
    String resource = "workload" + name + ".properties";
    try (var in = DwarfClient.class.getResourceAsStream(resource)) {
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private String run(Class<?> client, String workload, Path db, String phase) throws Exception {
    Path file = directory.resolve("workload" + workload);
    copyWorkload(workload, file);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "site.ycsb.Client",
                phase,
                "-db",
                client.getName(),
                "-P",
                file.toString(),
                "-threads",
                "4"));
    for (String property :
        List.of(
            "recordcount=" + RECORDS,
            "operationcount=" + OPERATIONS,
            "dataintegrity=true",
            "fieldlengthdistribution=constant",
            "dwarf.db=" + db,
            "dwarf.write_buffer_size=256KiB")) {
      command.add("-p");
      command.add(property);
    }
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    Matcher returned = RETURN.matcher(said);
    while (returned.find()) {
      assertThat(returned.group(2)).as(said).isEqualTo("OK");
    }
    return said;
  }

  private static long operations(String said, String kind) {
    Matcher count = COUNT.matcher(said);
    while (count.find()) {
      if (count.group(1).equals(kind)) {
        return Long.parseLong(count.group(2));
      }
    }
    return 0;
  }

  /** A read-modify-write is counted as that and as its read and its update. */
  private static long total(String said) {
    long both = operations(said, "READ-MODIFY-WRITE");
    return operations(said, "READ")
        + operations(said, "UPDATE")
        + operations(said, "INSERT")
        + operations(said, "SCAN")
        - both;
  }
}
