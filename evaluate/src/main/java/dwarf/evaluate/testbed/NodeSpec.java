package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;

/**
 * A machine to emulate.
 *
 * @param name lower-case letters, digits and dashes; unique in its testbed
 * @param cores its share of the CPU, such as 0.25; {@link #UNLIMITED_CORES} for all there is
 * @param storageBytesPerSecond what its path to the storage carries in each direction; {@link
 *     #UNLIMITED_STORAGE} for the storage itself
 */
public record NodeSpec(String name, double cores, long storageBytesPerSecond) {

  public static final double UNLIMITED_CORES = Double.POSITIVE_INFINITY;
  public static final long UNLIMITED_STORAGE = Long.MAX_VALUE;

  /** The kernel takes no quota below 1 ms a period. */
  public static final double MIN_CORES = 0.05;

  public NodeSpec {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
      throw DwarfException.invalid(
          "node name '" + name + "': up to 32 lower-case letters, digits and dashes");
    }
    if (!(cores >= MIN_CORES)) {
      throw DwarfException.invalid(
          "node " + name + ": " + cores + " cores; at least " + MIN_CORES + " are needed");
    }
    if (storageBytesPerSecond <= 0) {
      throw DwarfException.invalid(
          "node " + name + ": storage of " + storageBytesPerSecond + " bytes a second");
    }
  }

  boolean limitsCpu() {
    return cores != UNLIMITED_CORES;
  }

  boolean limitsStorage() {
    return storageBytesPerSecond != UNLIMITED_STORAGE;
  }
}
