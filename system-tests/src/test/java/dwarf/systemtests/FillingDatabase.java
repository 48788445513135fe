package dwarf.systemtests;

import dwarf.base.DwarfException;
import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * A database on a small disk, and what it has promised: write number i puts key i mod the number of
 * keys, the first {@code acked} were acknowledged, and the first {@code safe} of these survive the
 * process.
 */
final class FillingDatabase {

  static final String EMBEDDED = "embedded";

  private static final int SMALLEST_ROOM = 512 << 10;
  private static final int ROOM_SPREAD = 1 << 20;
  private static final int REFUSALS = 50;
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
      String[] parts = word.split(",");
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
            .setMaxWriteStall(Duration.ofMillis(200))
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
    int refusals = 0;
    while (refusals < REFUSALS) {
      if (!write(db)) {
        refusals++;
      }
    }
  }

  /** One write; false if it was refused. Now and then what is written becomes safe. */
  boolean write(DwarfDB db) {
    try {
      db.put(EngineMain.key(acked), EngineMain.value(acked));
    } catch (DwarfException e) {
      check(FULL.contains(e.kind()), "refused with " + e);
      System.out.println("refused " + e.kind() + ": " + e.getMessage());
      return false;
    }
    acked++;
    if (!shape.manual) {
      safe = acked;
    } else if (acked % FLUSH_EVERY == 0) {
      tryToFlushLog(db);
    }
    return true;
  }

  void tryToFlushLog(DwarfDB db) {
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
      db.put(EngineMain.key(acked), EngineMain.value(acked));
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
    String[] words = promises.split(" ");
    acked = Integer.parseInt(words[0]);
    safe = Integer.parseInt(words[1]);
  }

  String promises() {
    return acked + " " + safe;
  }

  /** After the process has died: a beginning of its writes is there, with all that was safe. */
  void verifyRecovered(DwarfDB db) {
    int there = 0;
    for (int slot = 0; slot < EngineMain.KEYS; slot++) {
      byte[] found = db.get(EngineMain.key(slot));
      if (found != null) {
        there = Math.max(there, 1 + EngineMain.number(found));
      }
    }
    check(
        there >= safe && there <= acked,
        there + " writes are there, of " + acked + " acknowledged and " + safe + " safe ones");
    System.out.println(there + " of " + acked + " writes are there, " + safe + " had to be");
    acked = there;
    safe = there;
    verify(db);
  }

  /** Exactly what was acknowledged is there. */
  void verify(DwarfDB db) {
    for (int slot = 0; slot < EngineMain.KEYS; slot++) {
      byte[] expected = slot < acked ? EngineMain.value(lastOf(slot)) : null;
      byte[] found = db.get(EngineMain.key(slot));
      check(
          Arrays.equals(found, expected),
          "key " + slot + " of " + acked + " is not what was acknowledged but " + head(found));
    }
  }

  private static String head(byte[] value) {
    return value == null ? "nothing" : new String(value, 0, 12, StandardCharsets.UTF_8);
  }

  private int lastOf(int slot) {
    return slot + (acked - 1 - slot) / EngineMain.KEYS * EngineMain.KEYS;
  }

  static void check(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }
}
