package dwarf.engine.commit;

/** What a writer asked for: WriteOptions, as the pipeline sees it. */
public record WriteFlags(boolean sync, boolean disableWal, boolean noSlowdown) {

  public static final WriteFlags DEFAULT = new WriteFlags(false, false, false);
}
