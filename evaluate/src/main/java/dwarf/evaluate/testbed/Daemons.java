package dwarf.evaluate.testbed;

import dwarf.process.DaemonArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts memory nodes and workers in nodes. With a quarter of a core a JVM needs many seconds to
 * start, which nobody wants to measure, so the quota of the node is lifted until the daemon is
 * ready. The number of processors is given instead of found out, because the JVM would size itself
 * by the whole machine then.
 */
public final class Daemons {

  static final String EXIT_WITH_PARENT = DaemonArguments.EXIT_WITH_PARENT;

  private static final Duration START = Duration.ofSeconds(60);

  private Daemons() {}

  /**
   * Starts a memory node and waits until it is ready.
   *
   * @param listen such as {@code 127.0.0.1:0}
   * @param poolSize such as {@code 1GiB}
   * @return where it listens
   */
  public static String startMemoryNode(Node node, String listen, String poolSize) {
    String name = node.spec().name() + "-memory";
    node.liftQuota();
    try {
      NodeProcess process = start(node, name, DaemonArguments.memoryNode(listen, poolSize));
      return DaemonArguments.addressIn(process.child().receive(START));
    } finally {
      node.restoreQuota();
    }
  }

  /** Starts a worker and waits until it is ready; several may be started concurrently. */
  public static NodeProcess startWorker(Node node, String memoryNode, String name, int slots) {
    node.liftQuota();
    try {
      NodeProcess process =
          start(node, name, DaemonArguments.worker(memoryNode, node.storage(), name, slots));
      process.child().receive(START);
      return process;
    } finally {
      node.restoreQuota();
    }
  }

  private static NodeProcess start(Node node, String name, List<String> arguments) {
    return node.start(name, jvmFlags(node.spec()), arguments);
  }

  private static List<String> jvmFlags(NodeSpec spec) {
    List<String> flags = new ArrayList<>(DaemonArguments.JVM_FLAGS);
    if (spec.limitsCpu()) {
      flags.add("-XX:ActiveProcessorCount=" + (int) Math.max(1, Math.ceil(spec.cores())));
    }
    return flags;
  }
}
