package dwarf.wal.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.wal.io.DiskError;
import dwarf.wal.io.MemoryDisk;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** On a full disk nobody can write down that a database has been given up. */
final class FullDiskClaimTest {

  private static final Path DB = Path.of("/db");
  private static final ClaimOptions CREATE = ClaimOptions.defaults().withCreateIfMissing(true);

  private final World world = new World(1);
  private final MemoryDisk disk = new MemoryDisk();
  private final Environment self = world.process(disk, 1);

  @Test
  void aClaimThatFindsNoSpaceDoesNotKeepItsOwnProcessOut() {
    DatabaseDirectory.claim(DB, CREATE, self).closeClean(0);
    int failed = 0;
    while (!claimsWithSpaceFor(failed)) {
      failed++;
      allowWrites(Integer.MAX_VALUE);
      DatabaseDirectory.claim(DB, CREATE, self).closeClean(0);
    }
    assertThat(failed).as("writes of a claim").isEqualTo(3);
  }

  @Test
  void anOwnerThatClosesOnAFullDiskCanOpenAgainAndOthersCanWhenItHasEnded() {
    Ownership owner = DatabaseDirectory.claim(DB, CREATE, self);
    allowWrites(0);
    assertNoSpace(() -> owner.closeClean(0));
    allowWrites(Integer.MAX_VALUE);
    assertThatThrownBy(() -> DatabaseDirectory.claim(DB, CREATE, world.process(disk, 2)))
        .hasMessageContaining("which is running");
    Ownership again = DatabaseDirectory.claim(DB, CREATE, self);
    assertThat(again.epoch()).isEqualTo(2);
    assertThat(again.cleanBefore()).isFalse();
    assertThatThrownBy(() -> DatabaseDirectory.claim(DB, CREATE, self))
        .hasMessageContaining("which is running");
    allowWrites(0);
    again.close();
    world.kill(1);
    allowWrites(Integer.MAX_VALUE);
    DatabaseDirectory.claim(DB, CREATE, world.process(disk, 2)).close();
  }

  /** False if it failed, as it has to. */
  private boolean claimsWithSpaceFor(int writes) {
    allowWrites(writes);
    try {
      DatabaseDirectory.claim(DB, CREATE, self);
      return true;
    } catch (DwarfException e) {
      assertThat(e.kind())
          .as("with space for %d writes", writes)
          .isEqualTo(DwarfException.Kind.NO_SPACE);
      return false;
    }
  }

  private void allowWrites(int most) {
    int[] left = {most};
    disk.setFault(
        (operation, file) ->
            operation.equals("write") && left[0]-- <= 0
                ? new DiskError(operation, file, DiskError.ENOSPC)
                : null);
  }

  private static void assertNoSpace(ThrowingCallable call) {
    assertThatThrownBy(call)
        .extracting(e -> ((DwarfException) e).kind())
        .isEqualTo(DwarfException.Kind.NO_SPACE);
  }
}
