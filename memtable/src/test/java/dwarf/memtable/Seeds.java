package dwarf.memtable;

import java.util.Random;

/** Seeds of random tests: printed, and taken from -Ddwarf.seed to repeat a failure. */
final class Seeds {

  private Seeds() {}

  static Random random(String test) {
    long seed = Long.getLong("dwarf.seed", System.nanoTime());
    System.out.println(test + ": -Ddwarf.seed=" + seed);
    return new Random(seed);
  }
}
