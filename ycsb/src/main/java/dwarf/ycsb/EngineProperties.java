package dwarf.ycsb;

import dwarf.base.DwarfException;
import dwarf.bench.flags.BenchFlags;
import dwarf.bench.flags.EngineKind;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What YCSB's properties say of the database. All begin with {@value #PREFIX}; the names behind it
 * are those of {@code ./dwarf bench}'s flags, with the same defaults.
 */
final class EngineProperties {

  private static final String PREFIX = "dwarf.";

  private EngineProperties() {}

  /** As flags, for that engine; INVALID_ARGUMENT if a name is no flag. */
  static BenchFlags flags(Properties all, EngineKind engine) {
    Map<String, String> flags = new TreeMap<>();
    for (String name : all.stringPropertyNames()) {
      if (name.startsWith(PREFIX)) {
        flags.put(name.substring(PREFIX.length()), all.getProperty(name));
      }
    }
    if (!flags.containsKey("db")) {
      throw DwarfException.invalid("say where the database is: -p " + PREFIX + "db=DIRECTORY");
    }
    flags.put("engine", engine.name());
    return BenchFlags.of(flags);
  }
}
