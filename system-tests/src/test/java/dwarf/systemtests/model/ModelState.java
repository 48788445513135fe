package dwarf.systemtests.model;

import dwarf.systemtests.model.Request.Change;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the database must hold: a sorted map per family. */
final class ModelState {

  static final String DEFAULT_FAMILY = "default";

  private final TreeMap<String, TreeMap<byte[], Value>> families = new TreeMap<>();

  /**
   * @param puts how often the key was put since it was last deleted; singleDelete is for once
   */
  record Value(byte[] bytes, int puts) {}

  ModelState copy() {
    ModelState copy = new ModelState();
    families.forEach((name, rows) -> copy.families.put(name, new TreeMap<>(rows)));
    return copy;
  }

  List<String> families() {
    return List.copyOf(families.keySet());
  }

  boolean hasFamily(String name) {
    return families.containsKey(name);
  }

  void createFamily(String name) {
    families.put(name, new TreeMap<>(Arrays::compareUnsigned));
  }

  void dropFamily(String name) {
    families.remove(name);
  }

  NavigableMap<byte[], Value> rows(String family) {
    return families.get(family);
  }

  byte[] get(String family, byte[] key) {
    Value value = rows(family).get(key);
    return value == null ? null : value.bytes();
  }

  void apply(Change change) {
    if (change.kind() == Request.Kind.PUT) {
      Value first = new Value(change.value(), 1);
      rows(change.family())
          .merge(change.key(), first, (old, one) -> new Value(one.bytes(), old.puts() + 1));
    } else {
      rows(change.family()).remove(change.key());
    }
  }

  /** The keys of the family that a singleDelete may be used on. */
  List<byte[]> keysPutOnce(String family) {
    return rows(family).entrySet().stream()
        .filter(row -> row.getValue().puts() == 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Where the other one holds something else; null if nowhere. */
  String difference(ModelState other) {
    if (!families().equals(other.families())) {
      return "families " + families() + " and " + other.families();
    }
    for (String family : families()) {
      NavigableMap<byte[], Value> mine = rows(family);
      TreeMap<byte[], Value> both = new TreeMap<>(mine);
      both.putAll(other.rows(family));
      for (byte[] key : both.keySet()) {
        if (!Arrays.equals(get(family, key), other.get(family, key))) {
          return family
              + ", key "
              + new String(key, StandardCharsets.UTF_8)
              + ": "
              + show(get(family, key))
              + " and "
              + show(other.get(family, key));
        }
      }
    }
    return null;
  }

  private static String show(byte[] value) {
    return value == null ? "absent" : value.length + " bytes, hash " + Arrays.hashCode(value);
  }

  /** Of two histories with one content nobody knows which it was: count the puts of both. */
  void doubt(ModelState other) {
    families.forEach(
        (family, rows) ->
            rows.replaceAll(
                (key, value) ->
                    new Value(
                        value.bytes(),
                        Math.max(value.puts(), other.rows(family).get(key).puts()))));
  }
}
