package dwarf.engine;

/** One column family of one open database. Needs no close. */
public final class ColumnFamilyHandle {

  private final int id;
  private final byte[] name;

  ColumnFamilyHandle(int id, byte[] name) {
    this.id = id;
    this.name = name.clone();
  }

  /** RocksDB's id of the family; never used again after the family is dropped. */
  public int getID() {
    return id;
  }

  public byte[] getName() {
    return name.clone();
  }
}
