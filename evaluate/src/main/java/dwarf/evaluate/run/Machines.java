package dwarf.evaluate.run;

import dwarf.base.DwarfException;
import dwarf.evaluate.catalog.Topology;
import dwarf.evaluate.testbed.Daemons;
import dwarf.evaluate.testbed.Node;
import dwarf.evaluate.testbed.NodeSpec;
import dwarf.evaluate.testbed.Testbed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The nodes of a topology on a testbed, with memory node and workers running. These are services,
 * which in a data centre have been up for long: they stay for all trials of the topology, and idle
 * while the peer is measured. The engines themselves start anew in each trial.
 */
final class Machines implements AutoCloseable {

  private final Testbed testbed;
  private final Topology topology;
  private final List<Node> computes = new ArrayList<>();
  private final List<Node> workers = new ArrayList<>();
  private final List<String> commands = new ArrayList<>();
  private Node memory;
  private String address;

  private Machines(Testbed testbed, Topology topology) {
    this.testbed = testbed;
    this.topology = topology;
  }

  /** Makes them all; returns when the daemons are ready. */
  static Machines start(Class<?> mainClass, Path working, Topology topology) {
    Testbed testbed = Testbed.open(mainClass, working);
    try {
      Machines machines = new Machines(testbed, topology);
      specs(topology).forEach(machines::add);
      if (topology.hasDm()) {
        machines.startDaemons();
      }
      return machines;
    } catch (DwarfException e) {
      testbed.close();
      throw e;
    }
  }

  /** Compute nodes first, then what serves them. */
  static List<NodeSpec> specs(Topology topology) {
    List<NodeSpec> specs = new ArrayList<>();
    int computes = topology.busy() + topology.idle();
    for (int i = 1; i <= computes; i++) {
      String name = computes == 1 ? "compute" : "compute-" + i;
      specs.add(new NodeSpec(name, topology.computeCores(), topology.storageBytesPerSecond()));
    }
    if (topology.hasDm()) {
      specs.add(new NodeSpec("memory", Topology.MEMORY_CORES, NodeSpec.UNLIMITED_STORAGE));
      for (int i = 1; i <= topology.workers(); i++) {
        specs.add(
            new NodeSpec("worker-" + i, Topology.WORKER_CORES, topology.storageBytesPerSecond()));
      }
    }
    return specs;
  }

  private void add(NodeSpec spec) {
    Node node = testbed.node(spec);
    if (spec.name().startsWith("compute")) {
      computes.add(node);
    } else if (spec.name().startsWith("worker")) {
      workers.add(node);
    } else {
      memory = node;
    }
  }

  private void startDaemons() {
    String listen =
        switch (topology.pool().reach()) {
          case TCP -> "127.0.0.1:0";
          case SHARED_MEMORY -> "shm://" + testbed.name();
        };
    String bytes = Long.toString(topology.pool().bytes());
    address = Daemons.startMemoryNode(memory, listen, bytes);
    List<Node> lenders = new ArrayList<>(workers);
    if (topology.lending()) {
      lenders.addAll(computes);
    }
    startWorkers(lenders);
    List<Node> serving = new ArrayList<>(List.of(memory));
    serving.addAll(lenders);
    serving.stream()
        .flatMap(node -> node.processes().stream())
        .forEach(process -> commands.add(process.commandLine()));
  }

  private void startWorkers(List<Node> lenders) {
    try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> started = new ArrayList<>();
      for (Node node : lenders) {
        String name = node.spec().name() + (workers.contains(node) ? "" : "-worker");
        started.add(starters.submit(() -> Daemons.startWorker(node, address, name, 1)));
      }
      for (Future<?> worker : started) {
        worker.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof DwarfException known
          ? known
          : new DwarfException(DwarfException.Kind.INTERNAL, "starting workers: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE, "interrupted while workers started", e);
    }
  }

  Topology topology() {
    return topology;
  }

  Testbed testbed() {
    return testbed;
  }

  /** Of the memory node; null if there is none. */
  String memoryNode() {
    return address;
  }

  List<Node> busy() {
    return computes.subList(0, topology.busy());
  }

  /** No CPU quota anywhere, until {@link #restore}. */
  void lift() {
    all().forEach(Node::liftQuota);
  }

  void restore() {
    all().forEach(Node::restoreQuota);
  }

  private List<Node> all() {
    List<Node> all = new ArrayList<>(computes);
    all.addAll(workers);
    if (memory != null) {
      all.add(memory);
    }
    return all;
  }

  /** What each node has used so far. */
  Map<String, TrialResult.NodeUse> use() {
    Map<String, TrialResult.NodeUse> use = new TreeMap<>();
    for (Node node : all()) {
      use.put(
          node.spec().name(),
          new TrialResult.NodeUse(
              node.cpu().toMillis() / 1e3,
              node.storagePath().bytesWritten().orElse(-1),
              node.storagePath().bytesRead().orElse(-1)));
    }
    return use;
  }

  /** The commands of the daemons, as typed by hand. */
  List<String> commands() {
    return commands;
  }

  @Override
  public void close() {
    testbed.close();
  }
}
