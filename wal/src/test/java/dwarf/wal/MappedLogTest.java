package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dwarf.base.DwarfException;
import dwarf.wal.io.DiskError;
import dwarf.wal.io.MemoryDisk;
import dwarf.wal.io.NativeDisk;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames that get into the file by memory. */
final class MappedLogTest {

  /** Enough for the code that copies to be compiled. */
  private static final int MANY = 30_000;

  @TempDir Path directory;

  private WalWriter writer;

  @BeforeEach
  void begin() {
    writer = recover(LogFixture.NOBODY).writer();
    writer.append(LogFixture.frame(1));
    assumeThat(writer.isInMemory())
        .as("%s is on a file system whose files are not mapped", directory)
        .isTrue();
  }

  @AfterEach
  void end() {
    writer.close();
  }

  @Test
  void whatIsInMemoryIsInTheFile() {
    for (long i = 2; i <= MANY; i++) {
      writer.append(LogFixture.frame(i));
    }
    assertThat(replayed().records).isEqualTo(LogFixture.upTo(MANY));
  }

  @Test
  void whatIsWrittenByMemoryAndByCallsLiesSideBySide() {
    long seed = System.nanoTime();
    RandomGenerator random = new SplittableRandom(seed);
    long sequence = 2;
    for (int i = 0; i < 2000; i++) {
      int count = random.nextInt(50) == 0 ? random.nextInt(10_000) : 1 + random.nextInt(100);
      writer.append(LogFixture.frame(sequence, 0, Math.max(1, count)));
      sequence += Math.max(1, count);
      if (random.nextInt(100) == 0) {
        writer.sync();
      }
      if (random.nextInt(500) == 0) {
        writer.rotate(Map.of());
      }
    }
    assertThat(replayed().records).as("seed " + seed).isEqualTo(LogFixture.upTo(sequence - 1));
  }

  @Test
  void aLogOfLongerFramesIsReadyForShortOnes() {
    writer.rotate(Map.of());
    writer.append(LogFixture.frame(2, 0, 1000));
    assertThat(writer.isInMemory()).isTrue();
    writer.append(LogFixture.frame(1002));
    writer.append(LogFixture.frame(1003, 0, 1000));
    writer.append(LogFixture.frame(2003));
    assertThat(replayed().records).isEqualTo(LogFixture.upTo(2003));
  }

  @Test
  void aFileThatIsCutUnderTheLogEndsTheLogAndNotTheProcess() throws Exception {
    for (long i = 2; i <= MANY; i++) {
      writer.append(LogFixture.frame(i));
    }
    try (FileChannel file =
        FileChannel.open(writer.segments().getLast().path(), StandardOpenOption.WRITE)) {
      file.truncate(0);
    }
    assertThatThrownBy(() -> writer.append(LogFixture.frame(MANY + 1)))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("input/output error")
        .hasRootCauseInstanceOf(InternalError.class);
    assertThat(writer.isUsable()).isFalse();
  }

  @Test
  void spaceSetAsideGoesBackWhenASegmentEnds() throws Exception {
    writer.rotate(Map.of());
    WalSegment first = writer.segments().getFirst();
    assertThat(first.path()).hasSize(first.bytes());
  }

  @Test
  void aSegmentThatEndsWhileItIsReadBackIsReadToItsEnd() {
    for (long i = 2; i <= MANY; i++) {
      writer.append(LogFixture.frame(i));
    }
    LogFixture.Collected found = new LogFixture.Collected();
    writer.readBack(
        1,
        MANY,
        (first, count, batch) -> {
          writer.rotate(Map.of());
          found.accept(first, count, batch);
        });
    assertThat(found.records).isEqualTo(LogFixture.upTo(MANY));
  }

  @Test
  void aStorageThatCannotMapIsWrittenByCalls() throws Exception {
    MemoryDisk disk = LogFixture.disk();
    disk.setFault(
        (operation, file) ->
            operation.equals("map") ? new DiskError(operation, file, DiskError.EIO) : null);
    try (WalWriter byCalls = LogFixture.create(disk)) {
      byCalls.append(LogFixture.frame(1));
      byCalls.append(LogFixture.frame(2));
      assertThat(byCalls.isInMemory()).isFalse();
    }
    LogFixture.Collected found = new LogFixture.Collected();
    WalRecovery.recover(LogFixture.source(disk), LogFixture.options(RecoveryMode.DEFAULT), found)
        .writer()
        .close();
    assertThat(found.records).isEqualTo(LogFixture.upTo(2));
  }

  /** What another process would find now, without a close. */
  private LogFixture.Collected replayed() {
    LogFixture.Collected found = new LogFixture.Collected();
    writer.readBack(1, Long.MAX_VALUE, found);
    return found;
  }

  private RecoveredLog recover(BatchConsumer consumer) {
    LogIdentity identity = new LogIdentity(LogFixture.DATABASE, 1, 1);
    LogSource source = new LogSource(NativeDisk.INSTANCE, directory, identity, false, 0, false);
    return WalRecovery.recover(source, LogFixture.options(RecoveryMode.DEFAULT), consumer);
  }
}
