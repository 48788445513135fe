package dwarf.storage;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Opens the database of a {@link SstStore}: finds out which families exist, decides with which
 * options each opens, and empties RocksDB's memtables, so that no later ingest overlaps one.
 */
final class StoreOpener {

  private static final String CURRENT = "CURRENT";
  private static final String DEFAULT_FAMILY = "default";

  private static final String FILE_BYTES = "rocksdb.total-sst-files-size";

  private final Path dir;
  private final StoreOptions options;
  private final boolean bestEfforts;
  private final boolean exists;

  /** Families to open, in order, by name. */
  private final Map<String, FamilyOptions> wanted = new LinkedHashMap<>();

  private RocksOptions rocks;

  private StoreOpener(Path dir, StoreOptions options, boolean bestEfforts) {
    this.dir = dir;
    this.options = options;
    this.bestEfforts = bestEfforts;
    this.exists = existsDatabase(dir);
  }

  /** An open database and what belongs to it. */
  record Opened(RocksDB db, DBOptions nativeOptions, List<FamilyHandle> families) {}

  static boolean existsDatabase(Path dir) {
    return Files.exists(dir.resolve(CURRENT));
  }

  static List<byte[]> listFamilies(Path dir) {
    RocksDB.loadLibrary();
    if (!existsDatabase(dir)) {
      throw DwarfException.invalid(dir + " holds no RocksDB database");
    }
    try (Options any = new Options()) {
      List<byte[]> found = RocksDB.listColumnFamilies(any, dir.toString());
      if (found.isEmpty()) {
        throw DwarfException.corruption(
            dir
                + " names no column family, not even the default one: its MANIFEST is damaged;"
                + " restore the directory from a copy");
      }
      return found;
    } catch (RocksDBException e) {
      throw StoreErrors.of("listing the column families of " + dir, e);
    }
  }

  /**
   * @param bestEfforts whether to open an earlier state if files of the newest one are missing
   */
  static Opened open(Path dir, StoreOptions options, boolean bestEfforts) {
    RocksDB.loadLibrary();
    StoreOpener opener = new StoreOpener(dir, options, bestEfforts);
    opener.checkExistence();
    opener.choose();
    return opener.open();
  }

  private void checkExistence() {
    if (exists && options.errorIfExists()) {
      throw DwarfException.invalid(dir + " already holds a database, and errorIfExists is set");
    }
    if (!exists && !options.createIfMissing()) {
      throw DwarfException.invalid(
          dir + " holds no database; set createIfMissing if it should be created");
    }
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw DwarfException.io("cannot create " + dir + ": " + e, e);
    }
  }

  private void choose() {
    List<byte[]> existing = exists ? listFamilies(dir) : List.of(bytes(DEFAULT_FAMILY));
    for (byte[] name : existing) {
      wanted.put(text(name), null);
    }
    boolean mayCreate = !exists || options.createMissingFamilies();
    for (FamilySpec family : options.families()) {
      if (!wanted.containsKey(text(family.name())) && !mayCreate) {
        throw DwarfException.invalid(
            "column family "
                + text(family.name())
                + " does not exist in "
                + dir
                + "; create it, or set createMissingColumnFamilies");
      }
      wanted.put(text(family.name()), family.options());
    }
    rocks = options.rocks();
    if (rocks != null && wanted.get(DEFAULT_FAMILY) == null) {
      wanted.put(DEFAULT_FAMILY, rocks.family());
    }
    if (exists && (rocks == null || wanted.containsValue(null))) {
      chooseStored();
    }
    rocks = rocks == null ? RocksOptions.defaults() : rocks;
    wanted.replaceAll((name, chosen) -> chosen == null ? rocks.family() : chosen);
  }

  private void chooseStored() {
    try (StoredOptions stored = StoredOptions.load(StoredOptions.latest(dir))) {
      for (Map.Entry<String, FamilyOptions> family : wanted.entrySet()) {
        ColumnFamilyOptions kept = stored.family(bytes(family.getKey()));
        if (family.getValue() == null && kept != null) {
          family.setValue(FamilyOptions.ofStored(new ColumnFamilyOptions(kept)));
        }
      }
      if (rocks == null) {
        DBOptions kept = new DBOptions(stored.database());
        rocks = RocksOptions.ofStored(kept, wanted.get(DEFAULT_FAMILY));
      }
    }
  }

  private Opened open() {
    DBOptions db = rocks.copy();
    db.setCreateIfMissing(options.createIfMissing());
    db.setErrorIfExists(false);
    db.setCreateMissingColumnFamilies(true);
    db.setAvoidFlushDuringRecovery(false);
    db.setBestEffortsRecovery(bestEfforts);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    wanted.forEach(
        (name, family) -> descriptors.add(new ColumnFamilyDescriptor(bytes(name), family.copy())));
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    RocksDB opened = null;
    try {
      opened = RocksDB.open(db, dir.toString(), descriptors, handles);
      flushAll(opened, handles);
      return new Opened(opened, db, describe(opened, descriptors, handles));
    } catch (RocksDBException e) {
      handles.forEach(ColumnFamilyHandle::close);
      if (opened != null) {
        opened.close();
      }
      descriptors.forEach(descriptor -> descriptor.getOptions().close());
      db.close();
      throw StoreErrors.of("opening the SST tier in " + dir, e);
    }
  }

  private static void flushAll(RocksDB db, List<ColumnFamilyHandle> handles)
      throws RocksDBException {
    try (FlushOptions flush = new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true)) {
      db.flush(flush, handles);
    }
  }

  private List<FamilyHandle> describe(
      RocksDB db, List<ColumnFamilyDescriptor> descriptors, List<ColumnFamilyHandle> handles)
      throws RocksDBException {
    List<FamilyHandle> families = new ArrayList<>();
    for (int i = 0; i < handles.size(); i++) {
      ColumnFamilyDescriptor descriptor = descriptors.get(i);
      Family family = new Family(handles.get(i).getID(), descriptor.getName());
      FamilyOptions chosen = wanted.get(text(family.name()));
      boolean mayHaveRows = db.getLongProperty(handles.get(i), FILE_BYTES) > 0;
      families.add(
          new FamilyHandle(family, chosen, descriptor.getOptions(), handles.get(i), mayHaveRows));
    }
    return families;
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }
}
