package dwarf.memtable;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import java.util.UUID;

/**
 * Which memtable an image belongs to. Stored in every image, so that memory found after a restart
 * says itself what it is.
 *
 * @param family the id of the column family
 * @param firstSequence the first sequence number the memtable covers, at least 1
 * @param lastSequence the last one; the next memtable of the family starts right after it
 */
public record ImageIdentity(
    UUID database, long epoch, int family, long memtableId, long firstSequence, long lastSequence) {

  public ImageIdentity {
    if (firstSequence < 1 || lastSequence < firstSequence || lastSequence > Limits.MAX_SEQUENCE) {
      throw DwarfException.invalid(
          "a memtable image covers sequences 1 <= first <= last <= 2^56-1, not "
              + firstSequence
              + ".."
              + lastSequence);
    }
  }
}
