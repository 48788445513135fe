package dwarf.systemtests;

import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;

/**
 * Several writers at full speed until the process is killed. Arguments: database directory, memory
 * node or {@value #EMBEDDED}, number of writers, whether the log is flushed by hand.
 *
 * <p>Writer w puts key (w, 0), (w, 1) and so on. It says {@code ack w n} when its first n writes
 * are acknowledged; {@code flushed n0 n1 ...} when those of all writers have been handed to the
 * operating system.
 */
final class WritersMain {

  static final String EMBEDDED = "embedded";

  private static final int ACK_EVERY = 64;
  private static final int FLUSH_EVERY = 2_000;

  private WritersMain() {}

  public static void main(String[] args) {
    int writers = Integer.parseInt(args[2]);
    boolean manual = Boolean.parseBoolean(args[3]);
    AtomicIntegerArray acked = new AtomicIntegerArray(writers);
    DwarfDB db = DwarfDB.open(Path.of(args[0]), options(args[1]).setManualWalFlush(manual));
    for (int writer = 0; writer < writers; writer++) {
      int number = writer;
      boolean flushes = manual && writer == 0;
      Thread.ofPlatform().start(() -> write(db, number, acked, flushes));
    }
  }

  static Options options(String node) {
    return new Options()
        .setCreateIfMissing(true)
        .setWriteBufferSize(1 << 20)
        .setMemoryNode(node.equals(EMBEDDED) ? null : node);
  }

  private static void write(DwarfDB db, int writer, AtomicIntegerArray acked, boolean flushes) {
    for (int i = 0; ; i++) {
      db.put(key(writer, i), value(writer, i));
      acked.set(writer, i + 1);
      if ((i + 1) % ACK_EVERY == 0) {
        say("ack " + writer + " " + (i + 1));
      }
      if (flushes && (i + 1) % FLUSH_EVERY == 0) {
        flush(db, acked);
      }
    }
  }

  private static void flush(DwarfDB db, AtomicIntegerArray acked) {
    int[] before = new int[acked.length()];
    Arrays.setAll(before, acked::get);
    db.flushWal(false);
    say(
        "flushed "
            + Arrays.stream(before).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
  }

  static byte[] key(int writer, int number) {
    return ByteBuffer.allocate(8).putInt(writer).putInt(number).array();
  }

  static byte[] value(int writer, int number) {
    byte[] value = new byte[20 + number % 100];
    Arrays.fill(value, (byte) (writer + 31 * number));
    return value;
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
