package dwarf.fabric;

import dwarf.base.DwarfException;
import java.util.Arrays;

/**
 * A capability: whoever knows these bytes may use the range they were granted for, so they must not
 * be logged. Opaque; only the fabric that granted a key can read it.
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
public record RemoteKey(byte[] bytes) {

  /** Longest key of any transport. */
  public static final int MAX_BYTES = 256;

  public RemoteKey {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw DwarfException.invalid(
          "remote key of " + bytes.length + " bytes: keys have 1 to " + MAX_BYTES);
    }
    bytes = bytes.clone();
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RemoteKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "RemoteKey[" + bytes.length + " bytes]";
  }
}
