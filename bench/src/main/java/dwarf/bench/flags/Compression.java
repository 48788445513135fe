package dwarf.bench.flags;

import java.util.Locale;

/** db_bench's names of compression types. */
public enum Compression {
  NONE("kNoCompression"),
  SNAPPY("kSnappyCompression"),
  ZLIB("kZlibCompression"),
  BZIP2("kBZip2Compression"),
  LZ4("kLZ4Compression"),
  LZ4HC("kLZ4HCCompression"),
  ZSTD("kZSTD");

  private final String rocksName;

  Compression(String rocksName) {
    this.rocksName = rocksName;
  }

  /** The name in RocksDB's option strings. */
  String rocksName() {
    return rocksName;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
