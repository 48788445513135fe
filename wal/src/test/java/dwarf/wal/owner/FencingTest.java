package dwarf.wal.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.wal.io.DiskError;
import dwarf.wal.io.DiskFile;
import dwarf.wal.io.MemoryDisk;
import dwarf.wal.owner.World.ManualClock;
import dwarf.wal.owner.World.SteppingClock;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Take-over and its fence, with clocks of the test's own. */
final class FencingTest {

  private static final Path DB = Path.of("/db");

  private final World world = new World(1);
  private final MemoryDisk disk = new MemoryDisk();
  private final ManualClock clock = new ManualClock();
  private final SteppingClock waiting = new SteppingClock();

  private final ClaimOptions create =
      ClaimOptions.defaults().withCreateIfMissing(true).withLease(clock, World.LEASE);
  private final ClaimOptions takeOver =
      ClaimOptions.defaults().withTakeOver(true).withLease(waiting, World.LEASE);

  @Test
  void anOwnerThatCannotBeProvenDeadIsNotPushedAside() {
    DatabaseDirectory.claim(DB, create, world.remoteProcess(disk, 1));
    assertKind(
        () -> DatabaseDirectory.claim(DB, create, world.process(disk, 2)),
        DwarfException.Kind.BUSY,
        "cannot be proven");
  }

  @Test
  void aLivingOwnerIsNotPushedAside() {
    DatabaseDirectory.claim(DB, create, world.process(disk, 1));
    assertKind(
        () -> DatabaseDirectory.claim(DB, create, world.process(disk, 2)),
        DwarfException.Kind.BUSY,
        "which is running");
    world.kill(1);
    Ownership next = DatabaseDirectory.claim(DB, create, world.process(disk, 2));
    assertThat(next.epoch()).isEqualTo(2);
    assertThat(next.cleanBefore()).isFalse();
  }

  @Test
  void aTakeOverWaitsOutTheLeaseAndFencesTheOldOwner() {
    Ownership old = DatabaseDirectory.claim(DB, create, world.remoteProcess(disk, 1));
    clock.advance(World.LEASE.dividedBy(2));
    old.check();
    Ownership next = DatabaseDirectory.claim(DB, takeOver, world.process(disk, 2));
    assertThat(waiting.elapsed()).isGreaterThan(World.LEASE);
    old.check();
    clock.advance(World.LEASE.dividedBy(2));
    assertKind(old::check, DwarfException.Kind.FENCED, "above 1");
    assertKind(old::check, DwarfException.Kind.FENCED, "above 1");
    next.check();
    old.closeClean(100);
    assertThat(DatabaseDirectory.claim(DB, takeOver, world.process(disk, 3)).epoch()).isEqualTo(3);
  }

  @Test
  void aLookAtTheRecordsFencesBeforeTheLeaseEnds() {
    Ownership old = DatabaseDirectory.claim(DB, create, world.remoteProcess(disk, 1));
    DatabaseDirectory.claim(DB, takeOver, world.process(disk, 2));
    assertKind(old::renew, DwarfException.Kind.FENCED, "must stop");
  }

  @Test
  void withoutStorageTheLeaseRunsOut() {
    Ownership owner = DatabaseDirectory.claim(DB, create, world.process(disk, 1));
    disk.setFault((operation, file) -> new DiskError(operation, file, DiskError.EIO));
    clock.advance(World.LEASE.minusNanos(1));
    owner.check();
    clock.advance(World.LEASE);
    assertKind(owner::check, DwarfException.Kind.UNAVAILABLE, "cannot read");
    disk.setFault((operation, file) -> null);
    owner.check();
  }

  @Test
  void aTakeOverWorksOnAClone() throws Exception {
    Ownership old = DatabaseDirectory.claim(DB, create, world.remoteProcess(disk, 1));
    write("MANIFEST-000004", "edits");
    write("CURRENT", "MANIFEST-000004\n");
    write("OPTIONS-000007", "options");
    write("IDENTITY", "rocks");
    write("LOCK", "");
    write("000009.sst", "table");
    Path appended = DB.resolve("MANIFEST-000004");
    int[] edits = {0};
    disk.setFault(
        (operation, file) -> {
          boolean isCopy = file.endsWith("rocks/MANIFEST-000004") && operation.equals("sync");
          if (isCopy && edits[0]++ == 0) {
            disk.setContent(appended, "edits and one more".getBytes(StandardCharsets.UTF_8));
          }
          return null;
        });
    Ownership next = DatabaseDirectory.claim(DB, takeOver, world.process(disk, 2));
    assertThat(edits[0]).as("copies of the manifest").isEqualTo(2);
    Path rocks = next.rocksDirectory();
    assertThat(rocks).isEqualTo(DB.resolve("dwarf/epochs/2/rocks"));
    assertThat(disk.list(rocks))
        .containsExactly("000009.sst", "CURRENT", "IDENTITY", "MANIFEST-000004", "OPTIONS-000007");
    assertThat(disk.content(rocks.resolve("MANIFEST-000004")))
        .asString()
        .isEqualTo("edits and one more");
    disk.delete(DB.resolve("000009.sst"));
    assertThat(disk.content(rocks.resolve("000009.sst"))).asString().isEqualTo("table");
    assertThat(old.rocksDirectory()).isEqualTo(DB);
    next.close();

    Ownership third = DatabaseDirectory.claim(DB, create, world.process(disk, 3));
    assertThat(third.rocksDirectory()).isEqualTo(rocks);
    assertThat(disk.list(DB)).containsExactly("dwarf");
    assertThat(disk.list(DB.resolve("dwarf/epochs"))).containsExactly("2", "3");
    assertThat(disk.list(DB.resolve("dwarf/epochs/2"))).containsExactly("rocks");
  }

  @Test
  void aNewerClaimOfAnUnfinishedOpenIsJudgedLikeAnyOther() {
    DatabaseDirectory.claim(DB, create, world.process(disk, 1)).closeClean(0);
    disk.stopAfter(5);
    assertThatThrownBy(() -> DatabaseDirectory.claim(DB, create, world.process(disk, 2)))
        .isInstanceOf(MemoryDisk.Stopped.class);
    disk.stopAfter(1_000_000);
    assertKind(
        () -> DatabaseDirectory.claim(DB, create, world.process(disk, 3)),
        DwarfException.Kind.BUSY,
        "process 2");
    world.kill(2);
    assertThat(DatabaseDirectory.claim(DB, create, world.process(disk, 3)).epoch()).isEqualTo(3);
  }

  private void write(String name, String text) throws Exception {
    try (DiskFile file = disk.create(DB.resolve(name))) {
      file.write(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)), 0);
    }
  }

  private static void assertKind(ThrowingCallable call, DwarfException.Kind kind, String words) {
    assertThatThrownBy(call)
        .hasMessageContaining(words)
        .extracting(e -> ((DwarfException) e).kind())
        .isEqualTo(kind);
  }
}
