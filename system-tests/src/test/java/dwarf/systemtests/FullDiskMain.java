package dwarf.systemtests;

import dwarf.engine.DwarfDB;
import dwarf.systemtests.FillingDatabase.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An engine on a small disk that fills up. Arguments: where logs go, which is above the disk; the
 * disk; its {@link Shape}, with a transport in place of the memory node's address.
 *
 * <p>Fill: a process of its own fills the disk and dies. Recover: open on the full disk or say why
 * not, make room, open, verify, go on. Wait: fill the disk again, make room, and go on without
 * reopening.
 */
final class FullDiskMain {

  private static final Duration TASK_LEASE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private FullDiskMain() {}

  public static void main(String[] args) throws Exception {
    Path disk = Path.of(args[1]);
    Shape shape = Shape.parse(args[2]);
    boolean embedded = shape.node().equals(FillingDatabase.EMBEDDED);
    Transport transport = embedded ? Transport.TCP : Transport.valueOf(shape.node());
    List<String> flags = List.of("-Ddwarf.shm.dir=" + System.getProperty("dwarf.shm.dir"));
    try (Cluster cluster = new Cluster(Path.of(args[0]), TASK_LEASE, transport, flags)) {
      cluster.check(
          () -> {
            if (embedded) {
              run(cluster, disk, shape);
            } else {
              cluster.startNode();
              cluster.startWorker();
              run(cluster, disk, shape.at(cluster.nodeAddress()));
            }
          });
    }
  }

  private static void run(Cluster cluster, Path disk, Shape shape) throws Exception {
    FillingDatabase database = new FillingDatabase(disk, shape);
    database.expect(fill(cluster.start("fill", FillMain.class, disk, shape)));
    System.out.println("passed fill");
    recover(database);
    System.out.println("passed recover");
    waitForRoom(database);
    System.out.println("passed wait");
  }

  private static String fill(Child filling) throws InterruptedException {
    while (true) {
      String line = filling.next(PATIENCE);
      FillingDatabase.check(line != null, "it ended before it had filled the disk");
      if (line.startsWith(FillMain.PROMISED)) {
        FillingDatabase.check(filling.awaitExit() == 0, "it did not end well");
        return line.substring(FillMain.PROMISED.length());
      }
      System.out.println(line);
    }
  }

  private static void recover(FillingDatabase database) throws IOException {
    database.tryToOpen();
    database.makeRoom();
    try (DwarfDB db = database.open()) {
      database.verifyRecovered(db);
      database.goOn(db);
    }
  }

  private static void waitForRoom(FillingDatabase database) throws IOException {
    try (DwarfDB db = database.open()) {
      database.takeRoom();
      database.writeUntilRefused(db);
      database.verify(db);
      database.makeRoom();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (database.write(db) != null) {
        FillingDatabase.check(System.nanoTime() < end, "writes are still refused");
      }
      database.goOn(db);
    }
    try (DwarfDB db = database.open()) {
      database.verify(db);
    }
  }
}
