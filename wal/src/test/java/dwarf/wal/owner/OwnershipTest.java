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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    Files.move(directory.resolve("letter.txt"), directory.resolve("CURRENT"));
    assertThatThrownBy(() -> DatabaseDirectory.claim(directory, CREATE))
        .hasMessageContaining("RocksDB");
    assertThat(directory.resolve("dwarf")).doesNotExist();
  }

  private static RecoveredLog recover(Ownership ownership, List<Long> found) {
    return WalRecovery.recover(
        ownership,
        new RecoveryOptions(RecoveryMode.DEFAULT, Map.of(0, 0L)),
        (first, count, batch) -> found.add(first));
  }

  private static WalFrame frame(long sequence) {
    BatchWriter batch = new BatchWriter();
    batch.put(0, MemorySegment.ofArray(new byte[8]), MemorySegment.ofArray(new byte[8]));
    return WalFrame.of(batch.at(sequence));
  }
}
