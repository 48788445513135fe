package dwarf.evaluate.testbed;

import dwarf.process.Lifetime;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What the processes of a testbed under test run. */
final class TestMain {

  private TestMain() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "memory-node" -> daemon("memory-node ready on tcp://127.0.0.1:7000, lending " + args[4]);
      case "worker" -> daemon("worker ready: " + String.join(" ", List.of(args)));
      case "write" -> write(Path.of(args[1]), Integer.parseInt(args[2]));
      case "spin" -> spin(Long.parseLong(args[1]));
      case "hold" -> hold(Path.of(args[1]));
      default -> System.out.println(String.join(" ", args));
    }
  }

  private static void daemon(String ready) {
    try (Lifetime life = new Lifetime(true)) {
      System.out.println(ready);
      life.run(() -> {});
    }
  }

  /** Holds a testbed with a process in it until it is told to stop or killed. */
  private static void hold(Path working) throws Exception {
    try (Testbed testbed = Testbed.open(TestMain.class, working)) {
      Node node = testbed.node(new NodeSpec("held", 0.5, 1_000_000));
      NodeProcess process = Daemons.startWorker(node, "127.0.0.1:7000", "held", 1);
      System.out.println(process.child().pid());
      new CountDownLatch(1).await();
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
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = System.nanoTime();
    long used = threads.getCurrentThreadCpuTime();
    while (threads.getCurrentThreadCpuTime() - used < nanos) {
      Thread.onSpinWait();
    }
    System.out.println(System.nanoTime() - start);
  }
}
