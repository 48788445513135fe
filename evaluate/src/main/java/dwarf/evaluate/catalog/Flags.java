package dwarf.evaluate.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Flags of {@code ./dwarf bench}, each at most once: a later value replaces an earlier one, so that
 * an experiment says only how it differs. Immutable.
 *
 * @param values by name, without the dashes
 */
public record Flags(Map<String, String> values) {

  public static final Flags NONE = new Flags(Map.of());

  public Flags with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(name, value.toString());
    return new Flags(more);
  }

  Flags with(Flags others) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.putAll(others.values);
    return new Flags(more);
  }

  /** As on a command line. */
  public List<String> arguments() {
    return values.entrySet().stream()
        .map(flag -> "--" + flag.getKey() + "=" + flag.getValue())
        .toList();
  }
}
