package dwarf.systemtests;

import dwarf.base.DwarfException;
import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * An engine on a small disk that fills up. Arguments: the disk, a file elsewhere that keeps the
 * number of acknowledged writes between processes, a seed for how much room is left, and what to
 * do.
 *
 * <p>{@code fill}: write until the disk refuses, see that everything can still be read, die. {@code
 * recover}: open on the full disk or say why not, make room, open, verify, go on. {@code wait}:
 * fill the disk again, make room, and go on without reopening.
 */
final class FullDiskMain {

  private static final int SMALLEST_ROOM = 512 << 10;
  private static final int ROOM_SPREAD = 1 << 20;
  private static final int REFUSALS = 50;
  private static final int MORE_WRITES = 3_000;
  private static final int PATIENCE_SECONDS = 30;

  /** What a write may be refused with while there is no room. */
  private static final Set<DwarfException.Kind> FULL =
      EnumSet.of(DwarfException.Kind.NO_SPACE, DwarfException.Kind.BUSY);

  private final Path disk;
  private final Path state;
  private final Random random;
  private int acked;

  private FullDiskMain(Path disk, Path state, long seed) throws IOException {
    this.disk = disk;
    this.state = state;
    this.random = new Random(seed);
    this.acked = Files.exists(state) ? Integer.parseInt(Files.readString(state)) : 0;
  }

  public static void main(String[] args) throws Exception {
    FullDiskMain run =
        new FullDiskMain(Path.of(args[0]), Path.of(args[1]), Long.parseLong(args[2]));
    String what = args[3];
    switch (what) {
      case "fill" -> run.fill();
      case "recover" -> run.recover();
      case "wait" -> run.waitForRoom();
      default -> throw new IllegalArgumentException(what);
    }
    System.out.println("passed " + what);
    System.out.flush();
    if (what.equals("fill")) {
      Runtime.getRuntime().halt(0);
    }
  }

  private DwarfDB open() {
    return DwarfDB.open(
        disk.resolve("db"),
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(256 << 10)
            .setMinWriteBufferNumberToMerge(2)
            .setMaxWriteStall(Duration.ofSeconds(2)));
  }

  private Path ballast() {
    return disk.resolve("ballast");
  }

  private void takeRoom() throws IOException {
    byte[] block = new byte[64 << 10];
    int room = SMALLEST_ROOM + random.nextInt(ROOM_SPREAD);
    long bytes = disk.toFile().getUsableSpace() - room;
    try (OutputStream out = Files.newOutputStream(ballast())) {
      for (long written = 0; written < bytes; written += block.length) {
        out.write(block);
      }
    }
  }

  private void fill() throws IOException {
    takeRoom();
    DwarfDB db = open();
    writeUntilRefused(db);
    verify(db);
    tryToFlush(db);
    Files.writeString(state, Integer.toString(acked));
  }

  /** The little room there is may be enough; otherwise it says so and does not wait for ever. */
  private static void tryToFlush(DwarfDB db) {
    try {
      db.flush();
      System.out.println("flushed on the full disk");
    } catch (DwarfException e) {
      check(e.kind() == DwarfException.Kind.NO_SPACE, "flush failed with " + e);
      System.out.println("not flushed: " + e.getMessage());
    }
  }

  private void writeUntilRefused(DwarfDB db) {
    int refusals = 0;
    while (refusals < REFUSALS) {
      try {
        db.put(EngineMain.key(acked), EngineMain.value(acked));
        acked++;
      } catch (DwarfException e) {
        check(FULL.contains(e.kind()), "refused with " + e);
        if (refusals == 0) {
          System.out.println("refused " + e.kind() + ": " + e.getMessage());
        }
        refusals++;
      }
    }
  }

  private void recover() throws IOException {
    try (DwarfDB db = open()) {
      verify(db);
      System.out.println("opened on the full disk");
    } catch (DwarfException e) {
      check(e.kind() == DwarfException.Kind.NO_SPACE, "open failed with " + e);
      System.out.println("not opened: " + e.getMessage());
    }
    Files.delete(ballast());
    try (DwarfDB db = open()) {
      verify(db);
      goOn(db);
    }
    Files.writeString(state, Integer.toString(acked));
  }

  private void waitForRoom() throws Exception {
    try (DwarfDB db = open()) {
      takeRoom();
      writeUntilRefused(db);
      verify(db);
      Files.delete(ballast());
      long end = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
      while (!put(db)) {
        check(System.nanoTime() < end, "writes are still refused");
      }
      goOn(db);
    }
    try (DwarfDB db = open()) {
      verify(db);
    }
  }

  private boolean put(DwarfDB db) {
    try {
      db.put(EngineMain.key(acked), EngineMain.value(acked));
      acked++;
      return true;
    } catch (DwarfException e) {
      check(FULL.contains(e.kind()), "refused with " + e);
      return false;
    }
  }

  private void goOn(DwarfDB db) {
    for (int i = 0; i < MORE_WRITES; i++) {
      db.put(EngineMain.key(acked), EngineMain.value(acked));
      acked++;
    }
    db.flush();
    verify(db);
  }

  /** Every acknowledged write is there; the one after the last may be, its outcome is unknown. */
  private void verify(DwarfDB db) {
    for (int slot = 0; slot < Math.min(EngineMain.KEYS, acked); slot++) {
      int last = slot + (acked - 1 - slot) / EngineMain.KEYS * EngineMain.KEYS;
      byte[] found = db.get(EngineMain.key(slot));
      boolean good = Arrays.equals(found, EngineMain.value(last));
      check(good, "key " + slot + " of " + acked + " is not what was acknowledged");
    }
  }

  private static void check(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }
}
