package dwarf.bench.load;

/** Kinds of operations whose latencies are kept apart. */
public enum OpType {
  READ,
  WRITE,
  DELETE,
  SEEK;

  /** As in the output. */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
