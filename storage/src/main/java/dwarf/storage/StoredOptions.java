package dwarf.storage;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.Env;
import org.rocksdb.OptionsUtil;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * The contents of a RocksDB OPTIONS file: database options and those of each family. Owns the
 * native objects until they are taken out.
 */
final class StoredOptions implements AutoCloseable {

  private static final String COMPARATOR = "comparator=";

  private final DBOptions database;
  private final List<ColumnFamilyDescriptor> families;

  private StoredOptions(DBOptions database, List<ColumnFamilyDescriptor> families) {
    this.database = database;
    this.families = families;
  }

  /** Where a database keeps its newest options; IO_ERROR if it has none. */
  static Path latest(Path rocksDir) {
    RocksDB.loadLibrary();
    try {
      String name = OptionsUtil.getLatestOptionsFileName(rocksDir.toString(), Env.getDefault());
      return rocksDir.resolve(name);
    } catch (RocksDBException e) {
      throw StoreErrors.of("looking for the OPTIONS file of " + rocksDir, e);
    }
  }

  /**
   * Loads a file. An option that this RocksDB does not know is an error: a file written with half
   * of its options would differ from what the owner writes.
   */
  static StoredOptions load(Path file) {
    RocksDB.loadLibrary();
    requireBytewise(file);
    DBOptions database = new DBOptions();
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    try (ConfigOptions strict = new ConfigOptions().setIgnoreUnknownOptions(false)) {
      OptionsUtil.loadOptionsFromFile(strict, file.toString(), database, families);
      return new StoredOptions(database, families);
    } catch (RocksDBException e) {
      database.close();
      families.forEach(family -> family.getOptions().close());
      throw StoreErrors.of("loading RocksDB options from " + file, e);
    }
  }

  /** Valid until this is closed. */
  DBOptions database() {
    return database;
  }

  /** A family's options, valid until this is closed; null if the file does not have the family. */
  ColumnFamilyOptions family(byte[] name) {
    for (ColumnFamilyDescriptor family : families) {
      if (Arrays.equals(name, family.getName())) {
        return family.getOptions();
      }
    }
    return null;
  }

  @Override
  public void close() {
    families.forEach(family -> family.getOptions().close());
    database.close();
  }

  private static void requireBytewise(Path file) {
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        String option = line.strip();
        if (option.startsWith(COMPARATOR)) {
          ComparatorProbe.require(option.substring(COMPARATOR.length()));
        }
      }
    } catch (IOException e) {
      throw DwarfException.io("cannot read the RocksDB options file " + file + ": " + e, e);
    }
  }
}
