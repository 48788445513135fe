package dwarf.storage;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileWriter;

/**
 * Finds out which comparator column family options hold. The Java classes can set one but not read
 * it back; an SST file, however, names the comparator it was written with, so a file of one key is
 * written to the temporary directory and looked at.
 */
final class ComparatorProbe {

  static final String BYTEWISE = "leveldb.BytewiseComparator";

  private ComparatorProbe() {}

  static void requireBytewise(ColumnFamilyOptions options) {
    require(comparatorName(options));
  }

  static void require(String comparator) {
    if (!comparator.equals(BYTEWISE)) {
      throw DwarfException.notSupported(
          "comparator " + comparator + ": only " + BYTEWISE + " is supported");
    }
  }

  private static String comparatorName(ColumnFamilyOptions family) {
    Path file = null;
    try {
      file = Files.createTempFile("dwarf-probe", ".sst");
      try (DBOptions db = new DBOptions();
          Options options = new Options(db, family);
          EnvOptions env = new EnvOptions();
          SstFileWriter writer = new SstFileWriter(env, options);
          SstFileReader reader = new SstFileReader(options)) {
        writer.open(file.toString());
        writer.put(new byte[] {1}, new byte[0]);
        writer.finish();
        reader.open(file.toString());
        return reader.getTableProperties().getComparatorName();
      }
    } catch (RocksDBException e) {
      throw StoreErrors.of("trying the column family options out on a temporary file", e);
    } catch (IOException e) {
      throw DwarfException.io("cannot create a file in the temporary directory: " + e, e);
    } finally {
      StoreFiles.deleteQuietly(file);
    }
  }
}
