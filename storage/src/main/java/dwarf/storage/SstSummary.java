package dwarf.storage;

import dwarf.base.Keys;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * What the writer of an SST file says about it, for the installer to check.
 *
 * @param entries records, deletions included
 * @param smallest first key, not to be modified
 * @param largest last key, not to be modified
 * @param crc32c of the whole file
 */
@SuppressWarnings("ArrayRecordComponent")
public record SstSummary(
    Path file, long bytes, long entries, byte[] smallest, byte[] largest, int crc32c) {

  @Override
  public boolean equals(Object other) {
    return other instanceof SstSummary that
        && file.equals(that.file)
        && bytes == that.bytes
        && entries == that.entries
        && crc32c == that.crc32c
        && Arrays.equals(smallest, that.smallest)
        && Arrays.equals(largest, that.largest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(file, bytes, crc32c);
  }

  @Override
  public String toString() {
    return file
        + " ("
        + entries
        + " entries, "
        + bytes
        + " bytes, "
        + Keys.show(MemorySegment.ofArray(smallest))
        + " .. "
        + Keys.show(MemorySegment.ofArray(largest))
        + ")";
  }
}
