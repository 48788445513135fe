package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.DwarfDB;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * kill -9 among writers that overlap: what was handed to the operating system is there again, and
 * of each writer's writes a beginning without gaps, and nothing else.
 */
@Execution(ExecutionMode.CONCURRENT)
class WritersKillTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration TASK_LEASE = Duration.ofSeconds(10);
  private static final int MOST_LINES = 1_500;

  @TempDir Path root;

  @ParameterizedTest(name = "{0} writers, manual_wal_flush {1}")
  @CsvSource({"1, false", "4, false", "1, true", "4, true"})
  void whatWasWrittenIsThereAndNothingIsBehindAGap(int writers, boolean manual) throws Exception {
    killAndCheck("db", WritersMain.EMBEDDED, writers, manual);
  }

  @ParameterizedTest
  @EnumSource
  void soItIsWithAMemoryNode(Transport transport) {
    transport.assumeThere();
    try (Cluster cluster = new Cluster(root, TASK_LEASE, transport)) {
      cluster.check(
          () -> {
            cluster.startNode();
            killAndCheck("db", cluster.nodeAddress(), 4, false);
            killAndCheck("manual", cluster.nodeAddress(), 4, true);
          });
    }
  }

  private void killAndCheck(String database, String node, int writers, boolean manual)
      throws Exception {
    long seed = Long.getLong("dwarf.seed", new Random().nextInt(1_000_000));
    System.out.println("seed " + seed + " (repeat with -Ddwarf.seed=" + seed + ")");
    int lines = 100 + new Random(seed).nextInt(MOST_LINES);
    Path path = root.resolve(database);
    int[] safe = new int[writers];
    try (Child child =
        Child.start("writers", root, List.of(), WritersMain.class, path, node, writers, manual)) {
      for (int i = 0; i < lines; i++) {
        note(child.next(PATIENCE), safe, manual);
      }
      child.kill();
      for (String line = child.next(PATIENCE); line != null; line = child.next(PATIENCE)) {
        note(line, safe, manual);
      }
    }
    try (DwarfDB db = DwarfDB.open(path, WritersMain.options(node))) {
      for (int writer = 0; writer < writers; writer++) {
        checkBeginning(db, writer, safe[writer]);
      }
    }
  }

  /** A line may have been cut off by the kill. */
  private static void note(String line, int[] safe, boolean manual) {
    String[] words = line.split(" ", -1);
    if (!manual && words[0].equals("ack") && words.length == 3) {
      safe[Integer.parseInt(words[1])] = Integer.parseInt(words[2]);
    } else if (manual && words[0].equals("flushed") && words.length == 1 + safe.length) {
      for (int writer = 0; writer < safe.length; writer++) {
        safe[writer] = Integer.parseInt(words[1 + writer]);
      }
    }
  }

  private static void checkBeginning(DwarfDB db, int writer, int safe) {
    int there = 0;
    while (db.get(WritersMain.key(writer, there)) != null) {
      assertThat(db.get(WritersMain.key(writer, there)))
          .isEqualTo(WritersMain.value(writer, there));
      there++;
    }
    assertThat(there).as("writes of writer %d", writer).isGreaterThanOrEqualTo(safe);
    for (int behind = there; behind < there + 5_000; behind++) {
      assertThat(db.get(WritersMain.key(writer, behind))).as("write %d", behind).isNull();
    }
  }
}
