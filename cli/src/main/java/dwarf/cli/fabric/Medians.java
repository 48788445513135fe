package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.bench.report.Spread;
import java.util.List;
import java.util.Map;

/** The median of every number of several results of one form. */
final class Medians {

  private Medians() {}

  /** Of the members of the first one, as far as the others have them: numbers, or objects alike. */
  static ObjectNode of(List<ObjectNode> results) {
    ObjectNode medians = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : results.getFirst().properties()) {
      String name = member.getKey();
      List<JsonNode> alike =
          results.stream()
              .filter(result -> result.has(name))
              .map(result -> result.get(name))
              .toList();
      if (member.getValue().isObject()) {
        medians.set(name, of(alike.stream().map(ObjectNode.class::cast).toList()));
      } else {
        double[] numbers = alike.stream().mapToDouble(JsonNode::doubleValue).toArray();
        medians.put(name, Spread.of(numbers).median());
      }
    }
    return medians;
  }
}
