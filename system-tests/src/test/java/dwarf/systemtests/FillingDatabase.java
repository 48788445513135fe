package dwarf.systemtests;

import dwarf.base.DwarfException;
import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * A database on a small disk, and what it has promised: the first {@code acked} writes were
 * acknowledged, and the first {@code safe} of these survive the process. No two write the same key,
 * so the disk does get full.
 */
final class FillingDatabase {

  static final String EMBEDDED = "embedded";

  /** Odd, so that multiplying by it scatters the keys without joining any two. */
  private static final int SCATTER = 0x9E3779B1;

  private static final int SMALLEST_ROOM = 512 << 10;
  private static final int ROOM_SPREAD = 1 << 20;
  private static final int REFUSALS = 20;

  /** A writer that has waited in vain counts for so many that were refused at once. */
  private static final int REFUSALS_FOR_A_WAIT = 20;

  private static final int FLUSH_EVERY = 200;
  private static final int MORE_WRITES = 3_000;

  /** What a write may be refused with while there is no room. */
  private static final Set<DwarfException.Kind> FULL =
      EnumSet.of(DwarfException.Kind.NO_SPACE, DwarfException.Kind.BUSY);

  private final Path disk;
  private final Shape shape;
  private final Random random;
  private int acked;
  private int safe;

  /**
   * What it is like; also as one word of a command line.
   *
   * @param node address of the memory node, or {@link #EMBEDDED}
   * @param manual whether the log is flushed by hand
   * @param bufferKiB of a memtable
   * @param seed for how much room is left on the disk
   */
  record Shape(String node, boolean manual, int bufferKiB, long seed) {

    static Shape parse(String word) {
      String[] parts = word.split(",", -1);
      return new Shape(
          parts[0],
          Boolean.parseBoolean(parts[1]),
          Integer.parseInt(parts[2]),
          Long.parseLong(parts[3]));
    }

    Shape at(String address) {
      return new Shape(address, manual, bufferKiB, seed);
    }

    @Override
    public String toString() {
      return node + "," + manual + "," + bufferKiB + "," + seed;
    }
  }

  FillingDatabase(Path disk, Shape shape) {
    this.disk = disk;
    this.shape = shape;
    this.random = new Random(shape.seed);
  }

  DwarfDB open() {
    return DwarfDB.open(
        disk.resolve("db"),
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize((long) shape.bufferKiB << 10)
            .setMinWriteBufferNumberToMerge(2)
            .setMaxWriteStall(Duration.ofSeconds(2))
            .setManualWalFlush(shape.manual)
            .setStorageRoot(disk.getParent())
            .setMemoryNode(shape.node.equals(EMBEDDED) ? null : shape.node));
  }

  /** Leaves only little room on the disk. */
  void takeRoom() throws IOException {
    byte[] block = new byte[64 << 10];
    int room = SMALLEST_ROOM + random.nextInt(ROOM_SPREAD);
    long bytes = disk.toFile().getUsableSpace() - room;
    try (OutputStream out = Files.newOutputStream(ballast())) {
      for (long written = 0; written < bytes; written += block.length) {
        out.write(block);
      }
    }
  }

  void makeRoom() throws IOException {
    Files.delete(ballast());
  }

  private Path ballast() {
    return disk.resolve("ballast");
  }

  void writeUntilRefused(DwarfDB db) {
    for (int refusals = 0; refusals < REFUSALS; ) {
      DwarfException.Kind refused = write(db);
      if (refused == DwarfException.Kind.BUSY) {
        refusals += REFUSALS_FOR_A_WAIT;
      } else if (refused != null) {
        refusals++;
      }
    }
  }

  /** One write; null if it was not refused. Now and then what is written becomes safe. */
  DwarfException.Kind write(DwarfDB db) {
    try {
      db.put(key(acked), EngineMain.value(acked));
    } catch (DwarfException e) {
      check(FULL.contains(e.kind()), "refused with " + e);
      System.out.println("refused " + e.kind() + ": " + e.getMessage());
      return e.kind();
    }
    acked++;
    if (!shape.manual) {
      safe = acked;
    } else if (acked % FLUSH_EVERY == 0) {
      tryToFlushLog(db);
    }
    return null;
  }

  private void tryToFlushLog(DwarfDB db) {
    try {
      db.flushWal(false);
      safe = acked;
    } catch (DwarfException e) {
      check(e.kind() == DwarfException.Kind.NO_SPACE, "log flush failed with " + e);
      System.out.println("log not flushed: " + e.getMessage());
    }
  }

  /** The little room there is may be enough; otherwise it says so and does not wait for ever. */
  void tryToFlush(DwarfDB db) {
    try {
      db.flush();
      safe = acked;
      System.out.println("flushed on the full disk");
    } catch (DwarfException e) {
      check(e.kind() == DwarfException.Kind.NO_SPACE, "flush failed with " + e);
      System.out.println("not flushed: " + e.getMessage());
    }
  }

  /** The full disk may be enough for that, too. */
  void tryToOpen() {
    try (DwarfDB db = open()) {
      verifyRecovered(db);
      System.out.println("opened on the full disk");
    } catch (DwarfException e) {
      check(e.kind() == DwarfException.Kind.NO_SPACE, "open failed with " + e);
      System.out.println("not opened: " + e.getMessage());
    }
  }

  /** When there is room again. */
  void goOn(DwarfDB db) {
    for (int i = 0; i < MORE_WRITES; i++) {
      db.put(key(acked), EngineMain.value(acked));
      acked++;
    }
    if (shape.manual) {
      db.flushWal(false);
    }
    db.flush();
    safe = acked;
    verify(db);
  }

  /** What another process promised, in the words of {@link #promises}. */
  void expect(String promises) {
    String[] words = promises.split(" ", -1);
    acked = Integer.parseInt(words[0]);
    safe = Integer.parseInt(words[1]);
  }

  String promises() {
    return acked + " " + safe;
  }

  /** After the process has died: a beginning of its writes is there, with all that was safe. */
  void verifyRecovered(DwarfDB db) {
    int there = safe;
    while (there < acked && db.get(key(there)) != null) {
      there++;
    }
    System.out.println(there + " of " + acked + " writes are there, " + safe + " had to be");
    verifyThrough(db, there, acked);
    acked = there;
    safe = there;
  }

  /** Exactly what was acknowledged is there. */
  void verify(DwarfDB db) {
    verifyThrough(db, acked, acked);
  }

  /** So many writes are there, and none of those behind, of which some have been tried. */
  private static void verifyThrough(DwarfDB db, int there, int tried) {
    for (int i = 0; i <= tried; i++) {
      byte[] found = db.get(key(i));
      check(
          Arrays.equals(found, i < there ? EngineMain.value(i) : null),
          "write " + i + " is " + (found == null ? "missing" : "there") + " of " + there);
    }
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(i * SCATTER).array();
  }

  static void check(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }
}
