package dwarf.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A memory node, workers and engines as processes over one storage root. Whatever fails inside
 * {@link #check} fails with the logs of all of them.
 */
public final class Cluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LOG_TAIL = 6000;

  private final Path root;
  private final int taskLeaseMillis;
  private final List<String> flags;
  private final List<Child> children = new ArrayList<>();
  private String address;
  private Child node;

  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  /** What a run of writes came to: writes below acked are durable, below tried may be. */
  record Written(int acked, int tried) {}

  /** Everything over that transport. */
  public Cluster(Path root, Duration taskLease, Transport transport) {
    this(root, taskLease, transport, List.of());
  }

  /**
   * As above.
   *
   * @param flags for each JVM
   */
  Cluster(Path root, Duration taskLease, Transport transport, List<String> flags) {
    this.root = root;
    this.address = transport.freeAddress();
    this.flags = Stream.concat(transport.flags().stream(), flags.stream()).toList();
    this.taskLeaseMillis = (int) taskLease.toMillis();
  }

  /** Starts the memory node; once started it keeps its address. */
  public Child startNode() throws InterruptedException {
    node = start("node", NodeMain.class, address, taskLeaseMillis);
    address = node.await("ready");
    return node;
  }

  Child startWorker(String step, int occurrence) throws InterruptedException {
    return startWorker(step, occurrence, StepHalt.NEVER);
  }

  /** A worker that says "paused" at its first such step and waits there until it gets a line. */
  Child startPausingWorker(String step) throws InterruptedException {
    return startWorker(StepHalt.NEVER, 1, step);
  }

  private Child startWorker(String step, int occurrence, String pauseAt)
      throws InterruptedException {
    Child worker = start("worker", WorkerMain.class, address, root, step, occurrence, pauseAt);
    worker.await("ready");
    return worker;
  }

  public Child startWorker() throws InterruptedException {
    return startWorker(StepHalt.NEVER, 1);
  }

  Child openEngine(String database) throws InterruptedException {
    Child engine = start("engine", EngineMain.class, root.resolve(database), address);
    engine.await("ready");
    return engine;
  }

  /** Where the memory node listens; null if there is none. */
  public String nodeAddress() {
    return node == null ? null : address;
  }

  Child node() {
    return node;
  }

  /** A process whose log is shown on failure and which ends with the cluster. */
  public Child start(String name, Class<?> main, Object... arguments) {
    Child child = Child.start(name, root, flags, main, arguments);
    children.add(child);
    return child;
  }

  /** Reads acknowledgements until the writes are done, the engine has died, or enough are in. */
  static Written collect(Child engine, int from, int enough) throws InterruptedException {
    int acked = from;
    while (acked < enough) {
      String line = engine.next(PATIENCE);
      if (line == null) {
        return new Written(acked, acked + 1);
      }
      if (line.equals("written")) {
        return new Written(acked, acked);
      }
      if (line.startsWith("ack ")) {
        acked = Integer.parseInt(line.substring(4)) + 1;
      }
    }
    return new Written(acked, acked + 1);
  }

  static Written write(Child engine, int from, int to) throws InterruptedException {
    engine.send("write " + from + " " + to);
    return collect(engine, from, Integer.MAX_VALUE);
  }

  /** An engine or memory node will die when it reaches that step for the n-th time from now. */
  static void arm(Child child, String step, int occurrence) throws InterruptedException {
    child.send("die " + step + " " + occurrence);
    child.await("armed");
  }

  static void flush(Child engine) throws InterruptedException {
    engine.send("flush");
    engine.await("flushed");
  }

  static void verify(Child engine, Written written) throws InterruptedException {
    engine.send("verify " + written.acked() + " " + written.tried());
    engine.await("verified");
  }

  static long stat(Child engine, String name) throws InterruptedException {
    engine.send("stat " + name);
    return Long.parseLong(engine.await("stat"));
  }

  /** Ends the engine as a user would. */
  static void exit(Child engine) throws InterruptedException {
    engine.send("exit");
    engine.await("closed");
    assertThat(engine.awaitExit()).isZero();
  }

  /** A fresh engine sees every acknowledged write, in memory and after a flush, and can go on. */
  void verifyReopened(String database, Written written) throws InterruptedException {
    Child engine = openEngine(database);
    verify(engine, written);
    flush(engine);
    verify(engine, written);
    Written more = write(engine, written.acked(), written.acked() + 500);
    assertThat(more.acked()).isEqualTo(written.acked() + 500);
    verify(engine, more);
    exit(engine);
  }

  public void check(Body body) {
    try {
      body.run();
    } catch (Exception | AssertionError e) {
      throw new AssertionError(e + "\n" + logs(), e);
    }
  }

  private String logs() {
    StringBuilder text = new StringBuilder();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root, "*.log")) {
      for (Path file : files) {
        String log = Files.readString(file);
        text.append("--- ").append(file.getFileName()).append('\n');
        text.append(log, Math.max(0, log.length() - LOG_TAIL), log.length());
      }
    } catch (IOException e) {
      text.append("no logs: ").append(e);
    }
    return text.toString();
  }

  @Override
  public void close() {
    for (Child child : children) {
      child.close();
    }
  }
}
