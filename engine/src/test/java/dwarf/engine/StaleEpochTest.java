package dwarf.engine;

import static dwarf.engine.TestData.bytes;
import static dwarf.engine.TestData.statistic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.protocol.ClientOptions;
import dwarf.protocol.MemoryNodeClient;
import dwarf.wal.owner.DatabaseDescription;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner whose memory node has seen a newer epoch stops; nothing it acknowledged is lost. */
class StaleEpochTest {

  @TempDir Path root;

  @Test
  void aFencedOwnerRefusesWritesAndLosesNothing() {
    Path path = root.resolve("db");
    int written;
    try (TestCluster cluster = TestCluster.start("tcp", root, 1, 64L << 20)) {
      try (DwarfDB db = DwarfDB.open(path, TestData.keepInDm(cluster, root))) {
        written = fill(db, 0, 1_500);
        Await.until("memtables in DM", () -> statistic(db, "memory.dm.memtables") > 0);
        attachNewerEpoch(cluster, path);
        written = fillUntilFenced(db, written);
        assertThatThrownBy(db::flush)
            .isInstanceOfSatisfying(
                DwarfException.class,
                e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.FENCED));
        checkNothingWrong(db, written);
      }
      try (DwarfDB db = DwarfDB.open(path, TestData.keepInDm(cluster, root))) {
        for (int i = 0; i < written; i++) {
          assertThat(db.get(bytes("key" + i))).as("key%d", i).isEqualTo(value(i));
        }
        db.put(bytes("goes"), bytes("on"));
        db.flush();
      }
    }
  }

  private static byte[] value(int i) {
    return TestData.randomBytes(i, 300);
  }

  private static int fill(DwarfDB db, int from, int to) {
    for (int i = from; i < to; i++) {
      db.put(bytes("key" + i), value(i));
    }
    return to;
  }

  private static void attachNewerEpoch(TestCluster cluster, Path path) {
    DatabaseDescription description = DatabaseDescription.of(path);
    try (Fabric fabric = Fabrics.open("tcp");
        MemoryNodeClient client =
            new MemoryNodeClient(
                fabric, FabricAddress.parse(cluster.address()), ClientOptions.DEFAULTS)) {
      client.attach(description.database(), description.epoch() + 1, 0);
      assertThatThrownBy(() -> client.renew(description.database(), description.epoch()))
          .isInstanceOfSatisfying(
              DwarfException.class,
              e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.FENCED));
    }
  }

  /** Writes until one is refused; how many were acknowledged. */
  private static int fillUntilFenced(DwarfDB db, int from) {
    int[] next = {from};
    DwarfException[] refusal = {null};
    Await.until(
        "writes are refused",
        () -> {
          try {
            db.put(bytes("key" + next[0]), value(next[0]));
            next[0]++;
          } catch (DwarfException e) {
            refusal[0] = e;
          }
          return refusal[0] != null;
        });
    assertThat(refusal[0].kind()).isEqualTo(DwarfException.Kind.FENCED);
    assertThat(refusal[0]).hasMessageContaining("reopen");
    return next[0];
  }

  /** A fenced owner may refuse to read; what it does read is right. */
  private static void checkNothingWrong(DwarfDB db, int written) {
    for (int i = written - 1; i >= Math.max(0, written - 20); i--) {
      assertThat(db.get(bytes("key" + i))).isEqualTo(value(i));
    }
  }
}
