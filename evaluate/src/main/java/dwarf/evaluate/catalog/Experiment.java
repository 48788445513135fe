package dwarf.evaluate.catalog;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One configuration, measured on both engines in turn.
 *
 * @param id lower-case letters, digits and dashes; unique in the catalog
 * @param about what it shows, in a sentence or two
 * @param sweep null unless it is one of a series
 * @param claims what was published, by row: {@code fillrandom}, or {@code fillrandom write p99}
 */
public record Experiment(
    String id,
    String title,
    String about,
    Sweep sweep,
    Topology topology,
    Load load,
    Map<String, Claim> claims) {

  static Experiment of(String id, String title, String about, Topology topology, Load load) {
    return new Experiment(id, title, about, null, topology, load, Map.of());
  }

  /** One of a series. */
  static Experiment of(Sweep sweep, Topology topology, Load load) {
    String title = sweep.parameter() + ": " + sweep.value();
    String id = sweep.group() + "-" + sweep.value().toLowerCase(java.util.Locale.ROOT);
    return new Experiment(
        id.replaceAll("[^a-z0-9]+", "-"), title, "", sweep, topology, load, Map.of());
  }

  /** The same machines and data with other benchmarks, for which nothing is claimed yet. */
  Experiment running(String benchmarks) {
    Load other = load.withCommon("benchmarks", benchmarks);
    return new Experiment(id, title, about, sweep, topology, other, Map.of());
  }

  /** With a goal of this project for a row, instead of what others claim. */
  Experiment aiming(String row, Claim goal) {
    return claiming(row, goal);
  }

  Experiment claiming(String row, Claim claim) {
    Map<String, Claim> more = new LinkedHashMap<>(claims);
    more.put(row, claim);
    return new Experiment(id, title, about, sweep, topology, load, more);
  }
}
