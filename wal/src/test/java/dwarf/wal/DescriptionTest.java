package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.wal.io.NativeDisk;
import dwarf.wal.owner.ClaimOptions;
import dwarf.wal.owner.DatabaseDescription;
import dwarf.wal.owner.DatabaseDirectory;
import dwarf.wal.owner.Liveness;
import dwarf.wal.owner.Ownership;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DescriptionTest {

  @TempDir Path directory;

  @Test
  void aSegmentTellsWhatItHoldsAndWhereItBreaks() throws Exception {
    Path wal = Files.createDirectory(directory.resolve("wal"));
    LogIdentity identity = new LogIdentity(LogFixture.DATABASE, 1, 4);
    LogSource source = new LogSource(NativeDisk.INSTANCE, wal, identity, false, 0, false);
    try (WalWriter writer =
        WalRecovery.recover(source, LogFixture.options(RecoveryMode.DEFAULT), LogFixture.NOBODY)
            .writer()) {
      writer.append(LogFixture.frame(1));
      writer.sync();
      writer.append(LogFixture.frame(2));
      writer.rotate(Map.of(0, 0L));
    }
    Path file = new LogFiles(NativeDisk.INSTANCE, wal).segment(1);
    SegmentDescription whole = SegmentDescription.of(file);

    assertThat(SegmentDescription.isSegment(file)).isTrue();
    assertThat(whole.database()).isEqualTo(LogFixture.DATABASE);
    assertThat(whole.epoch()).isEqualTo(4);
    assertThat(whole.frames()).isEqualTo(2);
    assertThat(whole.previousSequence()).isZero();
    assertThat(whole.lastSequence()).isEqualTo(2);
    assertThat(whole.durableThrough()).isEqualTo(1);
    assertThat(whole.validBytes()).isEqualTo(whole.bytes());

    Files.write(file, new byte[10], StandardOpenOption.APPEND);
    SegmentDescription torn = SegmentDescription.of(file);
    assertThat(torn.frames()).isEqualTo(2);
    assertThat(torn.bytes() - torn.validBytes()).isEqualTo(10);
  }

  @Test
  void aDatabaseTellsWhoOwnsIt() {
    Path database = directory.resolve("db");
    assertThat(DatabaseDescription.isDatabase(database)).isFalse();
    assertThatThrownBy(() -> DatabaseDescription.of(database))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("holds no DwaRF-LSM database");
    try (Ownership owner =
        DatabaseDirectory.claim(database, ClaimOptions.defaults().withCreateIfMissing(true))) {
      DatabaseDescription now = DatabaseDescription.of(database);
      assertThat(DatabaseDescription.isDatabase(database)).isTrue();
      assertThat(now.database()).isEqualTo(owner.database());
      assertThat(now.epoch()).isEqualTo(owner.epoch());
      assertThat(now.state()).isEqualTo("OPEN");
      assertThat(now.liveness()).isEqualTo(Liveness.ALIVE);
      assertThat(now.owner().pid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(now.walDirectories()).containsExactly(owner.walDirectory());
    }
    assertThat(DatabaseDescription.of(database).state()).isNotEqualTo("OPEN");
  }
}
