package dwarf.bench.load;

/** Whether what runs counts. */
public enum Stage {
  WARM_UP,
  MEASURED
}
