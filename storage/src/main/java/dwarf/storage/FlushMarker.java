package dwarf.storage;

import dwarf.base.DwarfException;
import java.util.UUID;

/**
 * What a column family's SST tier contains: everything up to {@code flushedThrough}. Stored under
 * the reserved key, in the last file of each install, so that it becomes visible with the data it
 * vouches for.
 *
 * <p>An install may only go ahead if the stored marker's {@code flushedThrough} equals the new
 * marker's {@code previousSequence}: that chain makes duplicate, late and reordered installs
 * impossible.
 *
 * @param incarnation changes when a database is restored from a copy
 * @param job the flush job, unique within its epoch
 * @param files data files of the install, without the marker's own
 * @param entries records in those files
 */
public record FlushMarker(
    UUID database,
    long incarnation,
    long epoch,
    int family,
    long job,
    long previousSequence,
    long flushedThrough,
    int files,
    long entries) {

  public FlushMarker {
    if (previousSequence < 0 || flushedThrough < previousSequence || files < 0 || entries < 0) {
      throw DwarfException.invalid(
          "flush marker of family "
              + family
              + " with impossible numbers: previous "
              + previousSequence
              + ", through "
              + flushedThrough
              + ", files "
              + files
              + ", entries "
              + entries);
    }
  }

  public byte[] encode() {
    return FlushMarkerCodec.encode(this);
  }

  /** Takes a stored value apart; CORRUPTION says what is wrong with it. */
  public static FlushMarker decode(byte[] value) {
    return FlushMarkerCodec.decode(value);
  }
}
