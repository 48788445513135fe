package dwarf.evaluate.run;

import dwarf.evaluate.catalog.Engine;
import dwarf.evaluate.catalog.Flags;
import dwarf.evaluate.catalog.Load;
import dwarf.evaluate.testbed.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The command line of a node's load.
 *
 * @param memoryNode where it listens; null: none
 * @param json where a benchmark writes what came out
 */
record LoadCommand(Load load, Engine engine, int round, String memoryNode, Path json) {

  /** Options of {@code ./dwarf ycsb} itself; all else are properties of the database. */
  private static final Set<String> OF_YCSB = Set.of("workload", "records", "operations", "threads");

  /**
   * For one of the busy nodes.
   *
   * @param name of its database
   * @param number from 1; each node has keys of its own
   */
  List<String> on(Node node, String name, int number) {
    Path database = node.storage().resolve(name);
    return load.tool() == Load.Tool.YCSB ? ycsb(node, database) : bench(node, database, number);
  }

  private List<String> bench(Node node, Path database, int number) {
    Flags flags =
        load.flags(engine).with("seed", round * 100 + number).with("engine", engine.text());
    flags = flags.with("db", database).with("json", json).with("stage_signals", true);
    if (memoryNode != null) {
      flags = flags.with("memory_node", memoryNode).with("storage_root", node.storage());
    }
    List<String> arguments = new ArrayList<>(List.of("bench"));
    arguments.addAll(flags.arguments());
    return arguments;
  }

  private List<String> ycsb(Node node, Path database) {
    Flags flags = load.flags(engine).with("db", database).with("engine", engine.text());
    if (memoryNode != null) {
      flags = flags.with("memory-node", memoryNode).with("storage_root", node.storage());
    }
    List<String> arguments = new ArrayList<>(List.of("ycsb"));
    flags
        .values()
        .forEach(
            (name, value) -> {
              boolean option =
                  OF_YCSB.contains(name) || Set.of("db", "engine", "memory-node").contains(name);
              arguments.addAll(
                  option
                      ? List.of("--" + name, value)
                      : List.of("-p", "dwarf." + name + "=" + value));
            });
    arguments.addAll(List.of("-p", "hdrhistogram.percentiles=50,95,99,99.9"));
    return arguments;
  }
}
