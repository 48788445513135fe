package dwarf.evaluate.testbed;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks processes for their CPU time ten times a second, for nodes whose system does not count it
 * per group: what a process used since it was last asked is lost when it ends.
 */
final class CpuSampler implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofMillis(100);

  private final List<Node> nodes = new CopyOnWriteArrayList<>();
  private Thread thread;

  /** Samples {@code node} from now on, if that is needed. */
  synchronized void add(Node node) {
    if (node.group().used().isPresent()) {
      return;
    }
    nodes.add(node);
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("cpu-sampler").start(this::run);
    }
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      nodes.forEach(Node::sampleCpu);
      LockSupport.parkNanos(PERIOD.toNanos());
    }
  }

  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
