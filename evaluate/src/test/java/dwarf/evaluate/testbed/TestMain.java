package dwarf.evaluate.testbed;

import dwarf.process.Lifetime;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What the processes of a testbed under test run. */
final class TestMain {

  private TestMain() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "memory-node" -> daemon("memory-node ready on tcp://127.0.0.1:7000, lending " + args[4]);
      case "worker" -> daemon("worker ready: " + String.join(" ", List.of(args)));
      case "write" -> write(Path.of(args[1]), Integer.parseInt(args[2]));
      case "spin" -> spin(Long.parseLong(args[1]));
      default -> System.out.println(String.join(" ", args));
    }
  }

  private static void daemon(String ready) {
    try (Lifetime life = new Lifetime(true)) {
      System.out.println(ready);
      life.run(() -> {});
    }
  }

  /** Writes so many bytes, and says so. */
  private static void write(Path file, int bytes) throws Exception {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocate(bytes);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    }
    System.out.println("written");
  }

  /** Uses so many nanoseconds of CPU time, and says how long it took. */
  private static void spin(long nanos) {
    var threads = java.lang.management.ManagementFactory.getThreadMXBean();
    long start = System.nanoTime();
    long used = threads.getCurrentThreadCpuTime();
    while (threads.getCurrentThreadCpuTime() - used < nanos) {
      Thread.onSpinWait();
    }
    System.out.println(System.nanoTime() - start);
  }
}
