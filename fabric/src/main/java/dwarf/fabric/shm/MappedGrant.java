package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A granted range of a peer's memory, read by this process without the peer's help.
 *
 * <p>M1. The slot is looked at before the first byte is copied and after the last one of each
 * piece, with acquire order before and a fence of loads between: bytes are accepted only if the
 * grant lived when their copy was over. M2. A copy that was too late has read memory of somebody
 * else, but nobody is told so: the target's content is undefined then. It may even have touched
 * pages that were given back meanwhile; the file system then supplies zeros until they are given
 * back again, or, if it is full, the copy fails.
 */
record MappedGrant(MemorySegment range, MemorySegment slots, int slot, long generation) {

  /** Small enough that little is copied in vain after the grant has ended. */
  private static final long PIECE = 1 << 20;

  /** Refuses what is outside the grant. */
  void check(long offset, long length) {
    if (offset < 0 || offset > range.byteSize() - length) {
      throw DwarfException.invalid(
          "one-sided access to offset "
              + offset
              + ", length "
              + length
              + " leaves the granted range of "
              + range.byteSize()
              + " bytes");
    }
  }

  /** Copies into the target, or throws STALE_HANDLE. */
  void read(long offset, MemorySegment target) {
    checkLive();
    for (long done = 0; done < target.byteSize(); done += PIECE) {
      long piece = Math.min(PIECE, target.byteSize() - done);
      MemorySegment.copy(range, offset + done, target, done, piece);
      VarHandle.loadLoadFence();
      checkLive();
    }
  }

  private void checkLive() {
    if (GrantSlots.generation(slots, slot) != generation) {
      throw new DwarfException(
          Kind.STALE_HANDLE, "remote key unknown or revoked: look the memory up again");
    }
  }
}
