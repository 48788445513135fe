package dwarf.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A column family: RocksDB's id, never reused within a database, and its name.
 *
 * @param name not to be modified
 */
@SuppressWarnings("ArrayRecordComponent")
public record Family(int id, byte[] name) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Family that && id == that.id && Arrays.equals(name, that.name);
  }

  @Override
  public int hashCode() {
    return id;
  }

  /** The name for messages. */
  public String show() {
    return new String(name, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Family[" + id + ", " + show() + "]";
  }
}
