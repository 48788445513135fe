package dwarf.fabric.spi;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.StampedLock;

/**
 * One granted range. Every touch of its memory is a copy made under the read lock after a look at
 * {@code revoked}; revoking takes the write lock. So revoke waits for copies under way, each at
 * most a chunk long, and never for the network: a transfer whose peer stalls holds no lock between
 * two copies.
 */
public final class Grant {

  private final MemorySegment range;
  private final Access access;
  private final Publication publication;
  private final StampedLock lock = new StampedLock();
  private boolean revoked; // guarded by lock

  Grant(MemorySegment range, Access access, Publication publication) {
    this.range = range;
    this.access = access;
    this.publication = publication;
  }

  /** What peers were told about it. */
  public Publication publication() {
    return publication;
  }

  /** Refuses what is outside the range or beyond the access; no overflow can get around it. */
  public void check(long offset, long length, Access wanted) {
    if (offset < 0 || length < 0 || offset > range.byteSize() - length) {
      throw DwarfException.invalid(
          "one-sided access to offset "
              + offset
              + ", length "
              + length
              + " leaves the granted range of "
              + range.byteSize()
              + " bytes");
    }
    if (wanted == Access.READ_WRITE && access == Access.READ) {
      throw DwarfException.invalid("one-sided write with a key that grants reading only");
    }
  }

  /** Copies into the range, or throws STALE_HANDLE. */
  public void copyIn(long offset, MemorySegment source) {
    long stamp = lock.readLock();
    try {
      checkLive();
      MemorySegment.copy(source, 0, range, offset, source.byteSize());
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Copies out of the range, or throws STALE_HANDLE. */
  public void copyOut(long offset, MemorySegment target) {
    long stamp = lock.readLock();
    try {
      checkLive();
      MemorySegment.copy(range, offset, target, 0, target.byteSize());
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Peers that read by themselves come first: they must not find bytes of the next tenant. */
  void revoke() {
    publication.withdraw();
    long stamp = lock.writeLock();
    try {
      revoked = true;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  static DwarfException stale() {
    return new DwarfException(
        Kind.STALE_HANDLE, "remote key unknown or revoked: look the memory up again");
  }

  private void checkLive() {
    if (revoked) {
      throw stale();
    }
  }
}
