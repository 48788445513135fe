package dwarf.base;

/**
 * What one record of a memtable, a batch or the WAL means. The codes are RocksDB's ({@code
 * ValueType} in its {@code dbformat.h}), so that they read the same in every tool. MERGE and
 * RANGE_DELETE have their place in every format but are refused by this version's API.
 */
public enum RecordType {
  DELETE(0x0),
  PUT(0x1),
  MERGE(0x2),
  SINGLE_DELETE(0x7),
  RANGE_DELETE(0xF);

  private final byte code;

  RecordType(int code) {
    this.code = (byte) code;
  }

  public byte code() {
    return code;
  }

  /** Whether a reader that meets this record stops with "no such key". */
  public boolean isDeletion() {
    return this == DELETE || this == SINGLE_DELETE;
  }

  /** Whether this version accepts the record; the others are reserved in the formats. */
  public boolean isSupported() {
    return this == PUT || isDeletion();
  }

  /** The type with that code; CORRUPTION if there is none. */
  public static RecordType fromCode(byte code) {
    return switch (code) {
      case 0x0 -> DELETE;
      case 0x1 -> PUT;
      case 0x2 -> MERGE;
      case 0x7 -> SINGLE_DELETE;
      case 0xF -> RANGE_DELETE;
      default -> throw DwarfException.corruption("unknown record type " + code);
    };
  }
}
