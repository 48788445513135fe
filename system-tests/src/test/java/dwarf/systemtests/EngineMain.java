package dwarf.systemtests;

import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import dwarf.engine.WriteOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An engine in a process of its own, for fault tests. Arguments: database directory, memory node.
 *
 * <p>Commands on stdin: {@code write FROM TO}, {@code verify ACKED TRIED}, {@code flush}, {@code
 * stat NAME}, {@code die STEP OCCURRENCE} (from now on), {@code exit}. Write number i puts key i
 * mod {@value #KEYS}.
 */
final class EngineMain {

  static final int KEYS = 3000;
  private static final int VALUE_BYTES = 400;

  private EngineMain() {}

  public static void main(String[] args) throws Exception {
    Path path = Path.of(args[0]);
    StepHalt halt = new StepHalt(StepHalt.NEVER, 1);
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(256 << 10)
            .setMinWriteBufferNumberToMerge(3)
            .setMaxShards(4)
            .setStorageRoot(path.getParent())
            .setMemoryNode(args[1])
            .setStepListener(halt);
    try (DwarfDB db = DwarfDB.open(path, options);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      say("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!execute(db, halt, line.split(" "))) {
          break;
        }
      }
    }
    say("closed");
  }

  private static boolean execute(DwarfDB db, StepHalt halt, String[] words) {
    switch (words[0]) {
      case "write" -> write(db, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      case "verify" -> verify(db, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      case "flush" -> {
        db.flush();
        say("flushed");
      }
      case "die" -> {
        halt.arm(words[1], Integer.parseInt(words[2]));
        say("armed");
      }
      case "stat" -> say("stat " + db.statistics().get(words[1]));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void write(DwarfDB db, int from, int to) {
    WriteOptions options = new WriteOptions();
    for (int i = from; i < to; i++) {
      db.put(options, key(i), value(i));
      say("ack " + i);
    }
    say("written");
  }

  /** Each key must hold its last acknowledged write, or a later one that was tried. */
  private static void verify(DwarfDB db, int acked, int tried) {
    for (int slot = 0; slot < Math.min(KEYS, tried); slot++) {
      byte[] found = db.get(key(slot));
      boolean good = false;
      int last = lastOf(slot, tried);
      for (int i = last; i >= 0 && !good; i -= KEYS) {
        good = Arrays.equals(found, value(i));
        if (i < acked) {
          break;
        }
      }
      good |= found == null && slot >= acked;
      if (!good) {
        say(
            "error key "
                + slot
                + " acked "
                + acked
                + " tried "
                + tried
                + " found "
                + (found == null ? "nothing" : new String(found, 0, 12, StandardCharsets.UTF_8)));
        return;
      }
    }
    say("verified");
  }

  /** The last write number below the limit that went to the slot. */
  private static int lastOf(int slot, int limit) {
    return slot + (limit - 1 - slot) / KEYS * KEYS;
  }

  static byte[] key(int i) {
    return ("key-" + i % KEYS).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] value(int i) {
    byte[] value = new byte[VALUE_BYTES];
    byte[] head = String.format("%012d", i).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(head, 0, value, 0, head.length);
    for (int at = head.length; at < value.length; at++) {
      value[at] = (byte) (i * 31 + at);
    }
    return value;
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
