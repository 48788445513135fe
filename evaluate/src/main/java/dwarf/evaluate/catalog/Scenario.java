package dwarf.evaluate.catalog;

import java.util.List;

/** Experiments about one question. */
public record Scenario(String id, String title, String about, List<Experiment> experiments) {}
