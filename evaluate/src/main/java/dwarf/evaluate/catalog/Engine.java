package dwarf.evaluate.catalog;

import java.util.Locale;

/** The two that are compared. */
public enum Engine {
  DWARF,
  ROCKSDB;

  /** As {@code --engine} takes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
