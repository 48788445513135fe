package dwarf.bench.flags;

import java.util.Locale;

/** Which database is measured. */
public enum EngineKind {
  DWARF,
  ROCKSDB;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
