package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/**
 * What a worker offers.
 *
 * @param storageCapBytesPerSecond what its path to storage can carry; the measure of its load
 * @param rocksVersion version of the RocksDB library its files are written with
 * @param comparator RocksDB's name of the key order it writes in
 */
public record WorkerInfo(
    String name, int slots, long storageCapBytesPerSecond, String rocksVersion, String comparator)
    implements Message {

  /** The only key order there is; RocksDB's own name for it. */
  public static final String BYTEWISE = "leveldb.BytewiseComparator";

  @Override
  public void encode(WireWriter out) {
    out.putString(name).putInt(slots).putLong(storageCapBytesPerSecond);
    out.putString(rocksVersion).putString(comparator);
  }

  public static WorkerInfo decode(WireReader in) {
    String name = in.getString(Protocol.MAX_NAME_BYTES);
    int slots = Codec.getNotNegativeInt(in, "slots");
    long cap = Codec.getNotNegative(in, "storageCapBytesPerSecond");
    String rocksVersion = in.getString(Protocol.MAX_NAME_BYTES);
    return new WorkerInfo(name, slots, cap, rocksVersion, in.getString(Protocol.MAX_NAME_BYTES));
  }
}
