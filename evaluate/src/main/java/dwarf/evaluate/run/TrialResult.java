package dwarf.evaluate.run;

import com.fasterxml.jackson.databind.JsonNode;
import dwarf.evaluate.catalog.Engine;
import java.util.List;
import java.util.Map;

/**
 * What one engine did in one round.
 *
 * @param seconds all in all, the start of the processes included
 * @param loads what each busy node's load told, in the shape of {@code ./dwarf bench --json}
 * @param use of each node
 * @param commands that a reader can repeat
 */
record TrialResult(
    Engine engine,
    int round,
    double seconds,
    List<JsonNode> loads,
    Map<String, NodeUse> use,
    List<String> commands) {

  /**
   * What a node used.
   *
   * @param written bytes to the storage, or -1 if nobody counted
   * @param read bytes from it, likewise
   */
  record NodeUse(double cpuSeconds, long written, long read) {

    NodeUse since(NodeUse before) {
      return new NodeUse(
          cpuSeconds - before.cpuSeconds,
          written < 0 ? -1 : written - before.written,
          read < 0 ? -1 : read - before.read);
    }
  }
}
