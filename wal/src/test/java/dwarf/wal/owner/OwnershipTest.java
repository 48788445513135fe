package dwarf.wal.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.wal.BatchWriter;
import dwarf.wal.RecoveredLog;
import dwarf.wal.RecoveryMode;
import dwarf.wal.RecoveryOptions;
import dwarf.wal.WalFrame;
import dwarf.wal.WalRecovery;
import dwarf.wal.WalWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims of real directories, by this process. */
final class OwnershipTest {

  private static final ClaimOptions CREATE = ClaimOptions.defaults().withCreateIfMissing(true);

  @TempDir Path directory;

  @Test
  void everyOpenGetsAnEpochOfItsOwnAndFindsTheLog() {
    for (long open = 1; open <= 4; open++) {
      Ownership ownership = DatabaseDirectory.claim(directory, CREATE);
      List<Long> found = new ArrayList<>();
      RecoveredLog log = recover(ownership, found);
      assertThat(ownership.epoch()).isEqualTo(open);
      assertThat(found).hasSize((int) open - 1);
      WalWriter writer = log.writer();
      writer.append(frame(open));
      writer.close();
      ownership.check();
      ownership.closeClean(writer.durableThrough());
      assertThat(ownership.rocksDirectory()).isEqualTo(directory);
    }
    assertThat(directory.resolve("dwarf/epochs")).isDirectoryContaining("glob:**/4");
    assertThat(directory.resolve("dwarf/epochs/1")).doesNotExist();
  }

  @Test
  void aSecondOpenInTheSameProcessIsRefused() {
    Ownership ownership = DatabaseDirectory.claim(directory, CREATE);
    assertThatThrownBy(() -> DatabaseDirectory.claim(directory, CREATE))
        .hasMessageContaining("process " + ProcessHandle.current().pid())
        .hasMessageContaining("takeOver")
        .extracting(e -> ((DwarfException) e).kind())
        .isEqualTo(DwarfException.Kind.BUSY);
    ownership.close();
    DatabaseDirectory.claim(directory, CREATE).close();
  }

  @Test
  void aForeignDirectoryIsLeftAlone() throws Exception {
    Files.writeString(directory.resolve("letter.txt"), "dear");
    assertThatThrownBy(() -> DatabaseDirectory.claim(directory, CREATE))
        .hasMessageContaining("letter.txt");
    assertThat(directory.resolve("dwarf")).doesNotExist();
  }

  @Test
  void aDirectoryOfRocksDbItselfIsAdopted() throws Exception {
    Files.writeString(directory.resolve("CURRENT"), "MANIFEST-000001");
    Files.writeString(directory.resolve("000004.log"), "records");
    assertThatThrownBy(() -> DatabaseDirectory.claim(directory, CREATE.withErrorIfExists(true)))
        .hasMessageContaining("RocksDB");
    assertThat(directory.resolve("dwarf")).doesNotExist();
    try (Ownership ownership =
        DatabaseDirectory.claim(directory, CREATE.withCreateIfMissing(false))) {
      assertThat(ownership.rocksDirectory()).isEqualTo(directory);
    }
    assertThat(directory.resolve("000004.log")).hasContent("records");
  }

  @Test
  void ofTwoProcessesOneWinsAndADeadOneIsSucceededInPlace() throws Exception {
    try (ClaimProcess one = ClaimProcess.start(directory);
        ClaimProcess two = ClaimProcess.start(directory)) {
      one.go();
      two.go();
      List<String> answers = List.of(one.answer(), two.answer());
      assertThat(answers).containsExactlyInAnyOrder("epoch 1", "BUSY");
      ClaimProcess winner = answers.get(0).equals("BUSY") ? two : one;
      assertThatThrownBy(() -> DatabaseDirectory.claim(directory, CREATE))
          .hasMessageContaining("process " + winner.pid())
          .hasMessageContaining("running");
      winner.kill();
      Ownership next = DatabaseDirectory.claim(directory, CREATE);
      assertThat(next.epoch()).isEqualTo(2);
      assertThat(next.cleanBefore()).isFalse();
      assertThat(next.rocksDirectory()).isEqualTo(directory);
      next.close();
    }
  }

  @Test
  void ofManyThreadsOneWins() throws Exception {
    int threads = 8;
    for (int round = 0; round < 20; round++) {
      Path database = directory.resolve("db" + round);
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Callable<Object>> claims = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        claims.add(
            () -> {
              start.await();
              try {
                return DatabaseDirectory.claim(database, CREATE);
              } catch (DwarfException e) {
                return e.kind() == DwarfException.Kind.BUSY ? e.kind() : e;
              }
            });
      }
      List<Object> results = new ArrayList<>();
      try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
        for (Future<Object> claim : pool.invokeAll(claims)) {
          results.add(claim.get());
        }
      }
      assertThat(results).as("%s", results).filteredOn(Ownership.class::isInstance).hasSize(1);
      assertThat(results)
          .as("%s", results)
          .filteredOn(DwarfException.Kind.BUSY::equals)
          .hasSize(threads - 1);
      for (Object result : results) {
        if (result instanceof Ownership ownership) {
          ownership.check();
          ownership.close();
        }
      }
    }
  }

  @Test
  void theBackgroundRenewsTheLease() throws Exception {
    Duration lease = Duration.ofMillis(150);
    Ownership ownership =
        DatabaseDirectory.claim(
            directory, CREATE.withLease(ClaimOptions.defaults().clock(), lease));
    long before = ownership.validUntil();
    await(() -> ownership.validUntil() - before > 2 * lease.toNanos());
    ownership.check();
    ownership.close();
  }

  @Test
  void interruptsDoNotDisturbAClaim() {
    Thread.currentThread().interrupt();
    DatabaseDirectory.claim(directory, CREATE).close();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void optionsDecideWhetherADatabaseMayOrMustExist() throws Exception {
    assertThatThrownBy(() -> DatabaseDirectory.claim(directory, ClaimOptions.defaults()))
        .hasMessageContaining("createIfMissing");
    DatabaseDirectory.claim(directory, CREATE).close();
    assertThatThrownBy(() -> DatabaseDirectory.claim(directory, CREATE.withErrorIfExists(true)))
        .hasMessageContaining("already");
    Files.writeString(directory.resolve("dwarf/IDENTITY"), "nobody");
    assertThatThrownBy(() -> DatabaseDirectory.claim(directory, CREATE))
        .hasMessageContaining("IDENTITY");
    Files.delete(directory.resolve("dwarf/IDENTITY"));
    assertThatThrownBy(() -> DatabaseDirectory.claim(directory, CREATE))
        .hasMessageContaining("is missing");
  }

  private static RecoveredLog recover(Ownership ownership, List<Long> found) {
    return WalRecovery.recover(
        ownership,
        new RecoveryOptions(RecoveryMode.DEFAULT, Map.of(0, 0L)),
        (first, count, batch) -> found.add(first));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static WalFrame frame(long sequence) {
    BatchWriter batch = new BatchWriter();
    batch.put(0, MemorySegment.ofArray(new byte[8]), MemorySegment.ofArray(new byte[8]));
    return WalFrame.of(batch.at(sequence));
  }
}
