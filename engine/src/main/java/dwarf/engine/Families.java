package dwarf.engine;

import dwarf.base.DwarfException;
import dwarf.storage.Family;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The column families of an open database by id; what exists in the SST tier exists here. */
final class Families {

  /** RocksDB's id of the family named "default". */
  static final int DEFAULT_ID = 0;

  private final Map<Integer, ColumnFamilyHandle> byId = new ConcurrentHashMap<>();

  /** Cannot be dropped, so it is the same as long as the database is open. */
  private final ColumnFamilyHandle defaultFamily;

  Families(List<Family> existing) {
    existing.forEach(family -> add(family.id(), family.name()));
    defaultFamily = byId.get(DEFAULT_ID);
  }

  ColumnFamilyHandle add(int id, byte[] name) {
    ColumnFamilyHandle handle = new ColumnFamilyHandle(id, name);
    byId.put(id, handle);
    return handle;
  }

  void remove(int id) {
    byId.remove(id);
  }

  ColumnFamilyHandle defaultFamily() {
    return defaultFamily;
  }

  ColumnFamilyHandle named(byte[] name) {
    return byId.values().stream()
        .filter(handle -> Arrays.equals(handle.getName(), name))
        .findFirst()
        .orElseThrow(
            () ->
                DwarfException.invalid(
                    "no column family is called \""
                        + new String(name, StandardCharsets.UTF_8)
                        + "\"; create it with createColumnFamily"));
  }

  boolean contains(byte[] name) {
    return byId.values().stream().anyMatch(handle -> Arrays.equals(handle.getName(), name));
  }

  List<ColumnFamilyHandle> all() {
    List<ColumnFamilyHandle> all = new ArrayList<>(byId.values());
    all.sort(Comparator.comparingInt(ColumnFamilyHandle::getID));
    return all;
  }

  /** Refuses a handle of a family that was dropped. */
  void check(ColumnFamilyHandle handle) {
    if (!byId.containsKey(handle.getID())) {
      throw DwarfException.invalid(
          "the column family \""
              + new String(handle.getName(), StandardCharsets.UTF_8)
              + "\" was dropped");
    }
  }
}
