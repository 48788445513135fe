package dwarf.base;

/** The sizes that every layer, format and message agrees on. */
public final class Limits {

  /** Longest user key, in bytes. */
  public static final int MAX_KEY_BYTES = 64 << 10;

  /** Longest value, in bytes: 1 GiB minus 1. */
  public static final int MAX_VALUE_BYTES = (1 << 30) - 1;

  /** Sequence numbers have 56 bits, as in RocksDB; 0 is "before every write". */
  public static final long MAX_SEQUENCE = (1L << 56) - 1;

  /** Most shards one memtable is cut into. */
  public static final int MAX_SHARDS = 64;

  /** Longest message of the control and delegation protocol, and longest frame payload. */
  public static final int MAX_FRAME_BYTES = 16 << 20;

  private Limits() {}

  /** Refuses a key or value that no format can hold. */
  public static void checkKeyValue(long keyBytes, long valueBytes) {
    if (keyBytes > MAX_KEY_BYTES) {
      throw DwarfException.invalid(
          "key of " + keyBytes + " bytes: the longest supported is " + MAX_KEY_BYTES);
    }
    if (valueBytes > MAX_VALUE_BYTES) {
      throw DwarfException.invalid(
          "value of " + valueBytes + " bytes: the longest supported is " + MAX_VALUE_BYTES);
    }
  }
}
