package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.wal.LogFixture.Collected;
import dwarf.wal.io.DiskError;
import dwarf.wal.io.MemoryDisk;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WalWriterTest {

  private MemoryDisk disk;

  @BeforeEach
  void newDisk() throws Exception {
    disk = LogFixture.disk();
  }

  @Test
  void whatIsAppendedComesBackInOrder() {
    try (WalWriter writer = LogFixture.create(disk)) {
      for (long i = 1; i <= 20; i++) {
        writer.append(LogFixture.frame(i));
        if (i % 7 == 0) {
          writer.rotate(Map.of(0, 0L));
        }
      }
      assertThat(writer.segments()).hasSize(3);
    }
    assertThat(recovered().records).isEqualTo(LogFixture.upTo(20));
  }

  @Test
  void aSyncMovesDurableThrough() {
    try (WalWriter writer = LogFixture.create(disk)) {
      writer.append(LogFixture.frame(1));
      assertThat(writer.durableThrough()).isZero();
      writer.sync();
      assertThat(writer.durableThrough()).isEqualTo(1);
      writer.append(LogFixture.frame(2));
      writer.rotate(Map.of());
      assertThat(writer.durableThrough()).isEqualTo(1);
      writer.syncClosed();
      assertThat(writer.durableThrough()).isEqualTo(2);
    }
  }

  /** Of the segment that is written, or of one that has been closed since. */
  @Test
  void aSyncBesideAppendsMovesDurableThroughAsFarAsWasAsked() {
    try (WalWriter writer = LogFixture.create(disk)) {
      writer.append(LogFixture.frame(1));
      writer.append(LogFixture.frame(2));
      writer.syncWritten(1);
      assertThat(writer.durableThrough()).isEqualTo(1);
      writer.append(LogFixture.frame(3));
      writer.rotate(Map.of());
      writer.append(LogFixture.frame(4));
      writer.syncWritten(2);
      assertThat(writer.durableThrough()).as("the closed segment whole").isEqualTo(3);
      writer.syncWritten(4);
      writer.syncWritten(4);
      assertThat(writer.durableThrough()).isEqualTo(4);
    }
  }

  @Test
  void aSyncBesideAppendsThatFailsEndsTheWriter() {
    WalWriter writer = LogFixture.create(disk);
    writer.append(LogFixture.frame(1));
    failOnce("sync", DiskError.EIO, 0);
    assertThatThrownBy(() -> writer.syncWritten(1)).hasMessageContaining("sync of log segment");
    assertThat(writer.durableThrough()).isZero();
    assertThatThrownBy(() -> writer.append(LogFixture.frame(2)))
        .hasMessageContaining("has failed before");
  }

  /** A crash among small syncs finds zeros behind the last frame, and they mean nothing. */
  @Test
  void smallSyncsFindTheFileLongEnough() {
    WalWriter writer = LogFixture.create(disk);
    for (long i = 1; i <= 3; i++) {
      writer.append(LogFixture.frame(i));
      writer.sync();
    }
    int size = disk.content(LogFixture.segment(1)).length;
    assertThat((long) size).isGreaterThan(writer.bytes() + (128 << 10));
    writer.append(LogFixture.frame(4));
    writer.sync();
    assertThat(disk.content(LogFixture.segment(1))).hasSize(size);
    Collected collected = new Collected();
    RecoveryReport report =
        WalRecovery.recover(
                LogFixture.source(disk.afterKill(), 2, 4, false),
                LogFixture.options(RecoveryMode.ABSOLUTE_CONSISTENCY),
                collected)
            .report();
    assertThat(collected.records).isEqualTo(LogFixture.upTo(4));
    assertThat(report.dropped()).isEmpty();
  }

  @Test
  void spaceSetAsideIsUsedUpByFramesAndIsNoPartOfTheLog() {
    try (WalWriter writer = LogFixture.create(disk)) {
      long before = writer.bytes();
      assertThat(writer.reserve(1, 100_000)).isEqualTo(100_000);
      writer.append(LogFixture.frame(1));
      long used = writer.bytes() - before;
      assertThat(used).isPositive();
      assertThat(writer.reserve(1, 200_000)).isEqualTo(100_000 - used);
      assertThat(writer.reserve(100_000, 200_000)).isEqualTo(200_000);
      writer.rotate(Map.of());
      assertThat(writer.reserve(1, 100_000)).isEqualTo(100_000);
      writer.append(LogFixture.frame(2));
    }
    assertThat(recovered().records).isEqualTo(LogFixture.upTo(2));
  }

  @Test
  void whatTheStorageCannotExtendIsLeftAsItIs() {
    disk.setFault(
        (operation, file) ->
            operation.equals("extend") ? new DiskError(operation, file, DiskError.ENOSPC) : null);
    try (WalWriter writer = LogFixture.create(disk)) {
      for (long i = 1; i <= 4; i++) {
        writer.append(LogFixture.frame(i));
        writer.sync();
      }
      assertThat((long) disk.content(LogFixture.segment(1)).length).isEqualTo(writer.bytes());
      assertThat(writer.reserve(1, 1000)).isZero();
    }
    assertThat(recovered().records).isEqualTo(LogFixture.upTo(4));
  }

  @Test
  void aFullDiskRefusesOneAppendAndLeavesTheLogWhole() {
    try (WalWriter writer = LogFixture.create(disk)) {
      writer.append(LogFixture.frame(1));
      for (int torn = 0; torn < 60; torn += 7) {
        failOnce("write", DiskError.ENOSPC, torn);
        assertThatThrownBy(() -> writer.append(LogFixture.frame(2)))
            .hasMessageContaining("no space")
            .extracting(e -> ((DwarfException) e).kind())
            .isEqualTo(DwarfException.Kind.NO_SPACE);
      }
      writer.append(LogFixture.frame(2));
    }
    assertThat(recovered().records).isEqualTo(LogFixture.upTo(2));
  }

  @Test
  void aFullDiskDuringRotationKeepsTheOldSegment() {
    for (String operation : new String[] {"create", "write", "sync", "rename"}) {
      MemoryDisk full = newDiskUnchecked();
      try (WalWriter writer = LogFixture.create(full)) {
        writer.append(LogFixture.frame(1));
        writer.sync();
        failOnce(full, operation, DiskError.ENOSPC, 3);
        assertThatThrownBy(() -> writer.rotate(Map.of()))
            .extracting(e -> ((DwarfException) e).kind())
            .isEqualTo(DwarfException.Kind.NO_SPACE);
        writer.append(LogFixture.frame(2));
        writer.rotate(Map.of());
        writer.append(LogFixture.frame(3));
        assertThat(writer.segments()).hasSize(2);
      }
      assertThat(LogFixtureRecovery.records(full)).isEqualTo(LogFixture.upTo(3));
    }
  }

  @Test
  void anyOtherFailureEndsTheWriter() {
    for (String operation : new String[] {"write", "sync", "truncate"}) {
      MemoryDisk bad = newDiskUnchecked();
      WalWriter writer = LogFixture.create(bad);
      writer.append(LogFixture.frame(1));
      writer.sync();
      int errno = operation.equals("truncate") ? DiskError.ENOSPC : DiskError.EIO;
      bad.setFault(
          (op, file) -> {
            boolean cannotCut = operation.equals("truncate") && op.equals("write");
            return op.equals(operation) || cannotCut ? new DiskError(op, file, errno) : null;
          });
      assertThatThrownBy(
              () -> {
                writer.append(LogFixture.frame(2));
                writer.sync();
              })
          .hasMessageContaining("unknown")
          .extracting(e -> ((DwarfException) e).kind())
          .isEqualTo(DwarfException.Kind.IO_ERROR);
      bad.setFault((op, file) -> null);
      assertThat(writer.isUsable()).isFalse();
      assertThatThrownBy(writer::sync).hasMessageContaining("has failed before");
      assertThatThrownBy(() -> writer.append(LogFixture.frame(3)))
          .hasMessageContaining("has failed before");
      writer.close();
      assertThat(LogFixtureRecovery.records(bad)).startsWith("1=k1");
    }
  }

  @Test
  void segmentsGoOldestFirstWhenAllTheirFamiliesHaveFlushed() {
    try (WalWriter writer = LogFixture.create(disk)) {
      writer.append(LogFixture.frame(1, 0, 1));
      writer.rotate(Map.of());
      writer.append(LogFixture.frame(2, 7, 3));
      writer.rotate(Map.of());
      writer.append(LogFixture.frame(5, 0, 1));
      writer.rotate(Map.of());
      assertThat(writer.deleteCovered(Map.of(0, 0L, 7, 4L), 0)).isZero();
      assertThat(writer.deleteCovered(Map.of(0, 5L, 7, 3L), 0)).isEqualTo(1);
      assertThat(writer.deleteCovered(Map.of(0, 5L, 7, 4L), 1)).isEqualTo(1);
      assertThat(writer.segments()).hasSize(2);
      assertThat(writer.deleteCovered(Map.of(0, 5L), 0)).isEqualTo(1);
      assertThat(disk.exists(LogFixture.segment(3))).isFalse();
    }
  }

  @Test
  void aReaderKeepsItsSegmentsButHoldsNobodyUp() {
    try (WalWriter writer = LogFixture.create(disk)) {
      for (long i = 1; i <= 3; i++) {
        writer.append(LogFixture.frame(i));
        writer.rotate(Map.of());
      }
      Map<Integer, Long> all = Map.of(0, 3L);
      Collected read = new Collected();
      writer.readBack(
          2,
          3,
          (first, count, batch) -> {
            int removed = CompletableFuture.supplyAsync(() -> writer.deleteCovered(all, 0)).join();
            assertThat(removed).as("only what nobody reads").isEqualTo(first == 2 ? 1 : 0);
            read.accept(first, count, batch);
          });
      assertThat(read.records).containsExactly("2=k2", "3=k3");
      assertThat(writer.deleteCovered(all, 0)).isEqualTo(2);
    }
  }

  @Test
  void aFamilyThatNoLongerExistsHoldsNothingBack() {
    try (WalWriter writer = LogFixture.create(disk)) {
      writer.append(LogFixture.frame(1, 3, 1));
      writer.rotate(Map.of());
      assertThat(writer.deleteCovered(Map.of(0, 0L), 0)).isEqualTo(1);
    }
  }

  @Test
  void sequencesMustAscend() {
    try (WalWriter writer = LogFixture.create(disk)) {
      writer.append(LogFixture.frame(5, 0, 2));
      assertThatThrownBy(() -> writer.append(LogFixture.frame(6))).hasMessageContaining("W1");
    }
  }

  private Collected recovered() {
    Collected collected = new Collected();
    WalRecovery.recover(
        LogFixture.source(disk), LogFixture.options(RecoveryMode.DEFAULT), collected);
    return collected;
  }

  private void failOnce(String operation, int errno, int torn) {
    failOnce(disk, operation, errno, torn);
  }

  private static void failOnce(MemoryDisk disk, String operation, int errno, int torn) {
    boolean[] done = {false};
    disk.setShortWrite(torn);
    disk.setFault(
        (op, file) -> {
          if (done[0] || !op.equals(operation)) {
            return null;
          }
          done[0] = true;
          return new DiskError(op, file, errno);
        });
  }

  private static MemoryDisk newDiskUnchecked() {
    try {
      return LogFixture.disk();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Recovery of a disk in its present state. */
  private static final class LogFixtureRecovery {
    static java.util.List<String> records(MemoryDisk disk) {
      Collected collected = new Collected();
      WalRecovery.recover(
          LogFixture.source(disk, 2, 0, false),
          LogFixture.options(RecoveryMode.DEFAULT),
          collected);
      return collected.records;
    }
  }

  @Test
  void positionsNameSegmentAndOffset() {
    try (WalWriter writer = LogFixture.create(disk)) {
      WalPosition first = writer.append(LogFixture.frame(1));
      WalPosition second = writer.append(LogFixture.frame(2));
      assertThat(first.segment()).isEqualTo(1);
      assertThat(second.offset()).isGreaterThan(first.offset());
      assertThat(writer.bytes()).isGreaterThan(second.offset());
      Path file = LogFixture.segment(1);
      assertThat(writer.segments().get(0).path()).isEqualTo(file);
    }
  }
}
