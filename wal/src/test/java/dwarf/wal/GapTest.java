package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.wal.LogFixture.Collected;
import dwarf.wal.io.MemoryDisk;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What recovery compares: the log with the flush markers, with its owner, with its own format. */
final class GapTest {

  private MemoryDisk disk;

  /** Segment 1: family 0 at 1. Segment 2: family 7 at 2 to 4. Segment 3: family 0 at 5. */
  @BeforeEach
  void writeLog() throws Exception {
    disk = LogFixture.disk();
    try (WalWriter writer = LogFixture.create(disk)) {
      writer.append(LogFixture.frame(1, 0, 1));
      writer.rotate(Map.of(0, 0L, 7, 0L));
      writer.append(LogFixture.frame(2, 7, 3));
      writer.rotate(Map.of(0, 1L, 7, 0L));
      writer.append(LogFixture.frame(5, 0, 1));
    }
  }

  @Test
  void deletedSegmentsAreMissedExactlyByTheFamiliesThatNeedThem() throws Exception {
    disk.delete(LogFixture.segment(1));
    assertThat(recover(Map.of(0, 1L, 7, 0L))).containsExactly("2=k2", "3=k3", "4=k4", "5=k5");
    assertThatThrownBy(() -> recover(RecoveryMode.POINT_IN_TIME_RECOVERY, Map.of(0, 0L, 7, 0L)))
        .hasMessageContaining("column family 0")
        .hasMessageContaining("records up to 1")
        .hasMessageContaining("SKIP_ANY_CORRUPTED_RECORDS");
  }

  @Test
  void aHoleThatIsFlushedIsNone() throws Exception {
    disk.delete(LogFixture.segment(2));
    assertThat(recover(Map.of(0, 4L, 7, 4L))).containsExactly("5=k5");
    assertThat(disk.exists(LogFixture.segment(1))).isFalse();
  }

  @Test
  void withoutAMissedSegmentTheRestComesBackIfAskedFor() throws Exception {
    disk.delete(LogFixture.segment(2));
    Map<Integer, Long> markers = Map.of(0, 1L, 7, 0L);
    assertThat(recover(RecoveryMode.SKIP_ANY_CORRUPTED_RECORDS, markers))
        .containsExactly("1=k1", "5=k5");
    assertThat(recover(markers)).containsExactly("1=k1", "5=k5");
  }

  @Test
  void anSstTierThatHasLessThanTheLogRemembersIsRefused() {
    assertThatThrownBy(() -> recover(Map.of(0, 0L, 7, 0L)))
        .hasMessageContaining("flushed through 1")
        .hasMessageContaining("SST files");
    assertThat(recover(RecoveryMode.POINT_IN_TIME_RECOVERY, Map.of(0, 0L, 7, 0L))).hasSize(5);
  }

  @Test
  void aForeignSegmentIsRefused() {
    LogIdentity other = new LogIdentity(new UUID(1, 2), 1, 1);
    LogSource source = new LogSource(disk, LogFixture.DIRECTORY, other, true, 0, false);
    assertThatThrownBy(
            () ->
                WalRecovery.recover(
                    source, LogFixture.options(RecoveryMode.DEFAULT), LogFixture.NOBODY))
        .hasMessageContaining("belongs to database " + LogFixture.DATABASE);
  }

  @Test
  void aNewerFormatIsRefusedByName() {
    byte[] segment = disk.content(LogFixture.segment(3));
    segment[8] = 2;
    disk.setContent(LogFixture.segment(3), segment);
    for (RecoveryMode mode : RecoveryMode.values()) {
      assertThatThrownBy(() -> recover(mode, Map.of()))
          .hasMessageContaining("format version 2 is newer than 1")
          .extracting(e -> ((DwarfException) e).kind())
          .isEqualTo(DwarfException.Kind.NOT_SUPPORTED);
    }
  }

  @Test
  void aRenamedSegmentIsRefused() throws Exception {
    disk.rename(LogFixture.segment(3), LogFixture.segment(4));
    assertThatThrownBy(() -> recover(Map.of())).hasMessageContaining("renamed");
  }

  @Test
  void theReportNamesWhatWasDropped() {
    byte[] segment = disk.content(LogFixture.segment(2));
    segment[segment.length - 1] ^= 1;
    disk.setContent(LogFixture.segment(2), segment);
    Collected found = new Collected();
    RecoveryReport report =
        WalRecovery.recover(
                LogFixture.source(disk, 2, 0, false),
                new RecoveryOptions(RecoveryMode.POINT_IN_TIME_RECOVERY, Map.of()),
                found)
            .report();
    assertThat(found.records).containsExactly("1=k1");
    assertThat(report.lastSequence()).isEqualTo(1);
    assertThat(report.highestSequence()).isEqualTo(5);
    assertThat(report.dropped()).hasSize(1);
    assertThat(report.dropped().get(0).file()).isEqualTo(LogFixture.segment(2));
    assertThat(report.dropped().get(0).afterSequence()).isEqualTo(1);
    assertThat(report.dropped().get(0).reason()).contains("checksum", "whole frames follow");
  }

  private List<String> recover(Map<Integer, Long> markers) {
    return recover(RecoveryMode.DEFAULT, markers);
  }

  private List<String> recover(RecoveryMode mode, Map<Integer, Long> markers) {
    Collected found = new Collected();
    WalRecovery.recover(
            LogFixture.source(disk, 2, 0, false), new RecoveryOptions(mode, markers), found)
        .writer()
        .close();
    return found.records;
  }
}
