package dwarf.ycsb;

import dwarf.base.ByteSize;
import dwarf.base.DwarfException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What YCSB's properties say of the database. All begin with {@value #PREFIX}; the names behind it
 * are those of {@code ./dwarf bench}'s flags.
 *
 * @param all of YCSB's properties
 */
record EngineProperties(Properties all) {

  private static final String PREFIX = "dwarf.";

  private String get(String name) {
    return all.getProperty(PREFIX + name);
  }

  Path directory() {
    String directory = get("db");
    if (directory == null) {
      throw DwarfException.invalid("say where the database is: -p " + PREFIX + "db=DIRECTORY");
    }
    return Path.of(directory).toAbsolutePath().normalize();
  }

  boolean isSet(String name) {
    return Boolean.parseBoolean(get(name));
  }

  String text(String name) {
    return get(name);
  }

  long bytes(String name, long otherwise) {
    String text = get(name);
    return text == null ? otherwise : ByteSize.parse(text);
  }

  int number(String name, int otherwise) {
    String text = get(name);
    try {
      return text == null ? otherwise : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new DwarfException(
          DwarfException.Kind.INVALID_ARGUMENT, PREFIX + name + "=" + text + " is no number", e);
    }
  }

  /** RocksDB's options for the database, the same for both engines. */
  Map<String, String> tierOptions() {
    int jobs = number("max_background_jobs", 2);
    return Map.of("max_background_jobs", Integer.toString(jobs));
  }

  /** RocksDB's options for the family, the same for both engines. */
  Map<String, String> familyOptions() {
    Map<String, String> options = new TreeMap<>();
    options.put("write_buffer_size", Long.toString(writeBufferSize()));
    options.put("max_write_buffer_number", Integer.toString(maxWriteBufferNumber()));
    if (get("compression") != null) {
      options.put("compression", get("compression"));
    }
    return options;
  }

  long writeBufferSize() {
    return bytes("write_buffer_size", 64L << 20);
  }

  int maxWriteBufferNumber() {
    return number("max_write_buffer_number", 2);
  }
}
