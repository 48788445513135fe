package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.wal.LogFixture.Collected;
import dwarf.wal.io.MemoryDisk;
import dwarf.wal.owner.ClaimOptions;
import dwarf.wal.owner.DatabaseDirectory;
import dwarf.wal.owner.Ownership;
import dwarf.wal.owner.World;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A process dies, or the power goes, at every single change of the disk between the start of a
 * claim and the end of its recovery; the next attempt dies somewhere too; the third must bring
 * everything back.
 */
final class RecoveryKillTest {

  private static final Path DB = Path.of("/db");
  private static final ClaimOptions OPTIONS = ClaimOptions.defaults().withCreateIfMissing(true);
  private static final long WRITTEN = 9;
  private static final long DURABLE = 5;

  private final World world = new World(7);
  private long nextPid = 1;

  @Test
  void everyStopDuringRecoveryIsHarmless() {
    long seed = Long.getLong("dwarf.seed", System.nanoTime());
    System.out.println("seed: -Ddwarf.seed=" + seed);
    Random random = new Random(seed);
    MemoryDisk written = written();
    boolean isDone = false;
    int stop = 0;
    for (; !isDone; stop++) {
      for (int variant = 0; variant < 4; variant++) {
        String where = "seed " + seed + ", stop " + stop + ", variant " + variant;
        boolean isPowerCut = variant > 1;
        MemoryDisk disk = restart(written, isPowerCut, random);
        isDone = attempt(disk, stop) != null;
        disk = restart(disk, isPowerCut, random);
        attempt(disk, random.nextInt(stop + 1));
        disk = restart(disk, isPowerCut, random);
        Collected found = attempt(disk, Long.MAX_VALUE / 2);
        assertThat(found).as(where).isNotNull();
        if (isPowerCut) {
          assertThat(found.records.size()).as(where).isBetween((int) DURABLE, (int) WRITTEN);
        } else {
          assertThat(found.records).as(where).hasSize((int) WRITTEN);
        }
        assertThat(found.records).isEqualTo(LogFixture.upTo(found.records.size()));
      }
    }
    assertThat(stop).as("changes of the disk in one recovery").isGreaterThan(25);
  }

  @Test
  void aCleanCloseProvesTheWholeLogDurable() {
    MemoryDisk disk = new MemoryDisk();
    Ownership first = claim(disk);
    WalWriter writer = recover(first, new Collected()).writer();
    writer.append(LogFixture.frame(1));
    writer.append(LogFixture.frame(2));
    writer.close();
    first.closeClean(writer.durableThrough());

    String name = writer.segments().get(0).path().getFileName().toString();
    Ownership second = claim(disk);
    Path segment = second.walDirectory().resolve(name);
    byte[] whole = disk.content(segment);
    disk.setContent(segment, Arrays.copyOf(whole, whole.length - 1));
    assertThat(second.cleanBefore()).isTrue();
    assertThatThrownBy(() -> recover(second, new Collected()))
        .hasMessageContaining("had been synced")
        .hasMessageContaining(RecoveryMode.POINT_IN_TIME_RECOVERY.name());
    second.close();
    disk.setContent(segment, whole);
    Ownership third = claim(disk);
    Collected found = new Collected();
    assertThat(recover(third, found).report().reloggedFrames()).isZero();
    assertThat(found.records).isEqualTo(LogFixture.upTo(2));
  }

  @Test
  void openingAgainAndAgainLeavesNoTrail() throws Exception {
    MemoryDisk disk = written();
    world.kill(nextPid - 1);
    for (int i = 0; i < 10; i++) {
      Ownership ownership = claim(disk);
      Collected found = new Collected();
      WalWriter writer = recover(ownership, found).writer();
      assertThat(found.records).isEqualTo(LogFixture.upTo(WRITTEN));
      assertThat(writer.segments().size()).isLessThanOrEqualTo(5);
      assertThat(disk.list(ownership.walDirectory())).hasSize(writer.segments().size());
      if (i % 2 == 0) {
        writer.close();
        ownership.closeClean(writer.durableThrough());
      } else {
        world.kill(nextPid - 1);
      }
    }
    assertThat(disk.list(DB.resolve("dwarf/epochs"))).hasSize(1);
    assertThat(disk.list(DB.resolve("dwarf/claims"))).hasSize(1);
  }

  @Test
  void aLostLogIsNoticed() throws Exception {
    MemoryDisk disk = new MemoryDisk();
    Ownership first = claim(disk);
    WalWriter writer = recover(first, new Collected()).writer();
    writer.append(LogFixture.frame(1));
    writer.close();
    disk.delete(writer.segments().get(0).path());
    first.closeClean(1);
    Ownership second = claim(disk);
    assertThatThrownBy(() -> recover(second, new Collected())).hasMessageContaining("no segment");
  }

  private MemoryDisk written() {
    MemoryDisk disk = new MemoryDisk();
    Ownership first = claim(disk);
    WalWriter writer = recover(first, new Collected()).writer();
    for (long i = 1; i <= WRITTEN; i++) {
      writer.append(LogFixture.frame(i));
      if (i == DURABLE) {
        writer.sync();
      }
      if (i == 2 || i == 7) {
        writer.rotate(Map.of(0, 0L));
      }
    }
    return disk;
  }

  private MemoryDisk restart(MemoryDisk disk, boolean isPowerCut, Random random) {
    if (isPowerCut) {
      world.cutPower();
      return disk.afterPowerCut(random);
    }
    return world.afterKill(disk);
  }

  /** Claims and recovers, unless the process is stopped before: null then. */
  private Collected attempt(MemoryDisk disk, long stopAfter) {
    disk.stopAfter(stopAfter);
    try {
      Collected found = new Collected();
      recover(claim(disk), found);
      return found;
    } catch (MemoryDisk.Stopped stopped) {
      return null;
    }
  }

  private Ownership claim(MemoryDisk disk) {
    return DatabaseDirectory.claim(DB, OPTIONS, world.process(disk, nextPid++));
  }

  private static RecoveredLog recover(Ownership ownership, Collected collected) {
    return WalRecovery.recover(
        ownership, new RecoveryOptions(RecoveryMode.DEFAULT, Map.of(0, 0L)), collected);
  }
}
