package dwarf.evaluate.catalog;

/**
 * The place of an experiment in a series that differs in one thing.
 *
 * @param group names the series
 * @param parameter what differs, with its unit
 * @param value as shown
 * @param position on the axis
 */
public record Sweep(String group, String parameter, String value, double position) {}
