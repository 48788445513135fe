package dwarf.engine;

/** How one read or iterator sees the database; names and meanings are RocksDB's. */
public final class ReadOptions {

  private Snapshot snapshot;
  private byte[] lower;
  private byte[] upper;

  /** Reads as of that snapshot. Default null: now. */
  public ReadOptions setSnapshot(Snapshot value) {
    snapshot = value;
    return this;
  }

  /** The smallest key an iterator shows. Default null: none. */
  public ReadOptions setIterateLowerBound(byte[] key) {
    lower = key == null ? null : key.clone();
    return this;
  }

  /** The first key an iterator does not show. Default null: none. */
  public ReadOptions setIterateUpperBound(byte[] key) {
    upper = key == null ? null : key.clone();
    return this;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  byte[] lower() {
    return lower;
  }

  byte[] upper() {
    return upper;
  }
}
