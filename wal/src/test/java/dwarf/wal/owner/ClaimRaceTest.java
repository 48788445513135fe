package dwarf.wal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.wal.RecoveryMode;
import dwarf.wal.RecoveryOptions;
import dwarf.wal.WalRecovery;
import dwarf.wal.io.MemoryDisk;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One process claims a directory and is held up before its k-th look at or change of the disk;
 * there, another one does all it wants. For every k.
 */
final class ClaimRaceTest {

  private static final Path DB = Path.of("/db");
  private static final ClaimOptions CREATE = ClaimOptions.defaults().withCreateIfMissing(true);

  /** What there was before. */
  enum Before {
    NOTHING,
    CLOSED,
    DEAD
  }

  private final World world = new World(3);
  private long nextPid = 10;

  @ParameterizedTest
  @EnumSource(Before.class)
  void exactlyOneOfTwoWins(Before before) {
    int k = 0;
    for (boolean wasReached = true; wasReached; k++) {
      MemoryDisk disk = prepare(before);
      Object[] second = {null};
      interruptAt(disk, k, () -> second[0] = claim(disk, nextPid++));
      Object first = claim(disk, nextPid++);
      wasReached = second[0] != null;
      if (wasReached) {
        boolean isOne = isOwner(first) != isOwner(second[0]);
        assertThat(isOne).as(before + ", held up before operation " + k).isTrue();
      }
    }
    assertThat(k).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(Before.class)
  void anOwnerThatCameAndWentInBetweenIsSucceeded(Before before) {
    int k = 0;
    for (boolean wasReached = true; wasReached; k++) {
      MemoryDisk disk = prepare(before);
      long[] epoch = {0};
      boolean[] isReached = {false};
      interruptAt(
          disk,
          k,
          () -> {
            isReached[0] = true;
            if (claim(disk, nextPid++) instanceof Ownership ownership) {
              epoch[0] = ownership.epoch();
              WalRecovery.recover(
                      ownership,
                      new RecoveryOptions(RecoveryMode.DEFAULT, Map.of(0, 0L)),
                      (sequence, count, batch) -> {})
                  .writer()
                  .close();
              ownership.closeClean(0);
            }
          });
      Object first = claim(disk, nextPid++);
      wasReached = isReached[0];
      if (epoch[0] != 0 && first instanceof Ownership ownership) {
        String where = before + ", held up before operation " + k;
        assertThat(ownership.epoch()).as(where).isGreaterThan(epoch[0]);
        assertThat(ownership.hadLog()).as(where).isTrue();
        assertThat(disk.exists(ownership.walDirectory())).isTrue();
      }
    }
    assertThat(k).isGreaterThan(20);
  }

  @Test
  void ofTwoTakeOversOneWins() {
    int k = 0;
    for (boolean wasReached = true; wasReached; k++) {
      MemoryDisk disk = new MemoryDisk();
      DatabaseDirectory.claim(DB, CREATE, world.remoteProcess(disk, nextPid++));
      Object[] second = {null};
      interruptAt(disk, k, () -> second[0] = takeOver(disk));
      Object first = takeOver(disk);
      wasReached = second[0] != null;
      if (wasReached) {
        int serving = (isServing(first) ? 1 : 0) + (isServing(second[0]) ? 1 : 0);
        assertThat(serving).as("held up before operation " + k).isEqualTo(1);
      }
    }
    assertThat(k).isGreaterThan(20);
  }

  private MemoryDisk prepare(Before before) {
    MemoryDisk disk = new MemoryDisk();
    if (before != Before.NOTHING) {
      long pid = nextPid++;
      Ownership ownership = DatabaseDirectory.claim(DB, CREATE, world.process(disk, pid));
      if (before == Before.CLOSED) {
        ownership.closeClean(0);
      } else {
        world.kill(pid);
      }
    }
    return disk;
  }

  private static void interruptAt(MemoryDisk disk, int operation, Runnable other) {
    int[] count = {0};
    disk.setFault(
        (name, file) -> {
          if (count[0]++ == operation) {
            disk.setFault((laterName, laterFile) -> null);
            other.run();
          }
          return null;
        });
  }

  private Object takeOver(MemoryDisk disk) {
    ClaimOptions options =
        CREATE.withTakeOver(true).withLease(new World.SteppingClock(), World.LEASE);
    return claim(options, world.process(disk, nextPid++));
  }

  private Object claim(MemoryDisk disk, long pid) {
    return claim(CREATE, world.process(disk, pid));
  }

  /** The ownership, or the refusal's kind. */
  private static Object claim(ClaimOptions options, Environment process) {
    try {
      return DatabaseDirectory.claim(DB, options, process);
    } catch (DwarfException e) {
      assertThat(e.kind())
          .as(e.getMessage())
          .isIn(DwarfException.Kind.BUSY, DwarfException.Kind.FENCED);
      return e.kind();
    }
  }

  private static boolean isOwner(Object result) {
    return result instanceof Ownership;
  }

  private static boolean isServing(Object result) {
    if (result instanceof Ownership ownership) {
      try {
        ownership.renew();
        return true;
      } catch (DwarfException e) {
        assertThat(e.kind()).isEqualTo(DwarfException.Kind.FENCED);
      }
    }
    return false;
  }
}
