package dwarf.ycsb;

import dwarf.base.DwarfException;
import dwarf.bench.Engines;
import dwarf.bench.engine.BenchEngine;
import dwarf.bench.flags.BenchFlags;
import dwarf.bench.rocks.TierOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The one open database of all client threads of a process: YCSB makes a client for each thread,
 * the first opens it, the last closes it.
 */
final class SharedEngine {

  private static final int STRIPES = 1024;

  /** Open ones by name. Guarded by itself. */
  private static final Map<String, SharedEngine> OPEN = new HashMap<>();

  private final String name;
  private final TierOptions tier;
  private final BenchEngine engine;
  private final Object[] stripes = new Object[STRIPES];
  private int users;

  private SharedEngine(String name, TierOptions tier, BenchEngine engine) {
    this.name = name;
    this.tier = tier;
    this.engine = engine;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Object();
    }
  }

  /** Opens the database that the flags name, unless it is open. */
  static SharedEngine open(BenchFlags flags) {
    Path directory = flags.place().db().toAbsolutePath().normalize();
    String name = flags.place().engine() + " " + directory;
    synchronized (OPEN) {
      SharedEngine shared = OPEN.get(name);
      if (shared == null) {
        TierOptions tier = flags.tier().options();
        try {
          shared = new SharedEngine(name, tier, Engines.open(flags, tier, directory, true));
        } catch (RuntimeException e) {
          tier.close();
          throw e;
        }
        OPEN.put(name, shared);
      }
      shared.users++;
      return shared;
    }
  }

  BenchEngine engine() {
    return engine;
  }

  /** Held around reading a record and writing it back, so that no update of a field is lost. */
  Object stripe(String key) {
    return stripes[Math.floorMod(key.hashCode(), STRIPES)];
  }

  void release() {
    synchronized (OPEN) {
      if (users == 0) {
        throw new DwarfException(DwarfException.Kind.CLOSED, name + " was released before");
      }
      if (--users == 0) {
        OPEN.remove(name);
        engine.close();
        tier.close();
      }
    }
  }
}
