package dwarf.bench.keys;

/** Spells the key of an index; the same index always gives the same key, and no two share one. */
public interface KeyCodec {

  byte[] encode(long index);

  /** A key that no {@link #encode} gives, which sorts near that of the index. */
  byte[] missing(long index);
}
