package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import dwarf.base.FileTree;
import dwarf.bench.report.JsonFile;
import dwarf.cli.DwarfCli;
import dwarf.process.ChildProcess;
import dwarf.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Gets of keys that lie in another process's memory over shared memory, and RocksDB's of keys whose
 * blocks are in its cache: all that either engine does for one, by one thread in a process of its
 * own. Half a dozen memtables of 8 MiB overlap there, and all but the last are in DM.
 */
final class KeyGets {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final List<String> COMMON =
      List.of(
          "--num=150000",
          "--value_size=100",
          "--disable_wal",
          "--cache_size=256M",
          "--bloom_bits=10");
  private static final String READS = "readrandom";

  private final Times times;

  KeyGets(Times times) {
    this.times = times;
  }

  /** Adds {@code keyInDm} and {@code cachedKey}. */
  void into(ObjectNode results) throws IOException {
    Path directory = Files.createTempDirectory("dwarf-fabric-bench");
    try (Children children = new Children(DwarfCli.class, directory)) {
      String address = "shm://fabric-bench-" + UUID.randomUUID();
      children
          .start("node", List.of(), List.of("memory-node", "--listen", address, "--pool", "256MiB"))
          .receive(PATIENCE);
      List<String> ours =
          List.of(
              "--engine=dwarf",
              "--memory_node=" + address,
              "--storage_root=" + directory,
              "--write_buffer_size=8M",
              "--min_write_buffer_number_to_merge=1000");
      List<String> peers = List.of("--engine=rocksdb");
      results.putObject("keyInDm").put("perSecond", gets(children, directory, "", ours));
      results.putObject("cachedKey").put("perSecond", gets(children, directory, "compact,", peers));
    } finally {
      FileTree.remove(directory);
    }
  }

  /**
   * Gets a second.
   *
   * @param before what is done when all is written
   */
  private double gets(Children children, Path directory, String before, List<String> flags) {
    String name = "gets-" + (before.isEmpty() ? "dm" : "cache");
    Path json = directory.resolve(name + ".json");
    List<String> arguments = new ArrayList<>(List.of("bench", "--json=" + json));
    arguments.addAll(COMMON);
    arguments.addAll(flags);
    arguments.add("--db=" + directory.resolve(name));
    arguments.add("--benchmarks=fillseq,overwrite," + before + READS + "[W1-X1]");
    arguments.add("--warmup_seconds=" + wholeSeconds(times.warmUp));
    arguments.add("--read_duration=" + wholeSeconds(times.seconds));
    ChildProcess bench = children.start(name, List.of(), arguments);
    String last = "";
    for (Optional<String> line = bench.next(PATIENCE); line.isPresent(); ) {
      last = line.get();
      line = bench.next(PATIENCE);
    }
    if (bench.exitStatus() != 0) {
      throw DwarfException.unavailable(name + " failed after '" + last + "': " + bench.lastWords());
    }
    for (JsonNode result : JsonFile.read(json).path("results")) {
      if (result.path("benchmark").asText().equals(READS)) {
        return result.path("opsPerSecond").asDouble();
      }
    }
    throw new DwarfException(
        DwarfException.Kind.INTERNAL, name + " wrote no result of " + READS + " to " + json);
  }

  private static int wholeSeconds(double seconds) {
    return (int) Math.ceil(seconds);
  }
}
