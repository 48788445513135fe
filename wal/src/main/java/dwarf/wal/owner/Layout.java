package dwarf.wal.owner;

import java.nio.file.Path;

/**
 * Where things are in a database directory.
 *
 * <pre>
 *   &lt;db&gt;/                     the RocksDB database, unless the owner's record names another
 *   &lt;db&gt;/dwarf/IDENTITY       who the database is
 *   &lt;db&gt;/dwarf/OWNER          copy of the newest owner's record, for a quick look
 *   &lt;db&gt;/dwarf/claims/&lt;e&gt;     the record of epoch e's owner
 *   &lt;db&gt;/dwarf/epochs/&lt;e&gt;/    wal, stage and, after a take-over, rocks
 * </pre>
 */
record Layout(Path database) {

  Path dwarf() {
    return database.resolve("dwarf");
  }

  Path identity() {
    return dwarf().resolve("IDENTITY");
  }

  Path pointer() {
    return dwarf().resolve("OWNER");
  }

  Path claims() {
    return dwarf().resolve("claims");
  }

  Path claim(long epoch) {
    return claims().resolve(Long.toString(epoch));
  }

  Path epochs() {
    return dwarf().resolve("epochs");
  }

  Path epoch(long epoch) {
    return epochs().resolve(Long.toString(epoch));
  }

  Path wal(long epoch) {
    return epoch(epoch).resolve("wal");
  }

  Path stage(long epoch) {
    return epoch(epoch).resolve("stage");
  }

  Path rocks(long epoch) {
    return epoch(epoch).resolve("rocks");
  }

  /** How a record names a RocksDB directory: relative, so that the database can be moved. */
  String relative(Path rocks) {
    return database.relativize(rocks).toString();
  }

  /** The number in the name of a claim or an epoch; 0 if it is neither. */
  static long number(String name) {
    if (name.isEmpty() || name.length() > 18 || name.charAt(0) == '0') {
      return 0;
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return 0;
      }
    }
    return Long.parseLong(name);
  }
}
