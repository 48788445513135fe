package dwarf.node.memory;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.base.Invariants;
import dwarf.fabric.Access;
import dwarf.fabric.Fabric;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory a node lends: one range, allocated by the fabric, which knows what kind of memory it
 * shares best, and divided by {@link ExtentAllocator}.
 *
 * <p>P1. Free memory is zero: no tenant ever reads what another left behind. P2. A block is
 * released once, after its keys were revoked and its last reader has gone. P3. Extents of at least
 * {@code giveBackBytes} go back to the operating system when released, smaller ones are overwritten
 * and stay resident. Where a fabric pins memory for its hardware, nothing may be given back: there
 * {@code giveBackBytes} is {@link Long#MAX_VALUE}. P4. An extent is committed before its first byte
 * is touched, so a machine with less memory than was lent refuses an allocation and does not fail
 * in the middle of one. Thread-safe.
 */
final class DmPool implements AutoCloseable {

  /** One allocation; {@code memory} has exactly the requested length. */
  record Block(long offset, long length, MemorySegment memory) {}

  private static final Logger LOG = LoggerFactory.getLogger(DmPool.class);

  private final long capacity;
  private final long giveBackBytes;
  private final ExtentAllocator extents;
  private final Region region;

  DmPool(Fabric fabric, long poolBytes, long giveBackBytes) {
    this.capacity = ExtentAllocator.rounded(poolBytes);
    this.giveBackBytes = giveBackBytes;
    this.extents = new ExtentAllocator(capacity);
    this.region = fabric.allocate(capacity);
  }

  long capacity() {
    return capacity;
  }

  long used() {
    return extents.used();
  }

  /** The longest block there is room for now. */
  long largestFree() {
    return extents.largestFree();
  }

  /** A zeroed block, or null if there is no room for it. */
  Block allocate(long bytes) {
    Invariants.check(bytes > 0, "a block has at least one byte");
    long offset = extents.allocate(bytes);
    if (offset < 0 || !commit(offset, bytes)) {
      return null;
    }
    return new Block(offset, bytes, region.memory().asSlice(offset, bytes));
  }

  /** Has pages put under an extent, or gives it back: then the machine has less than was lent. */
  private boolean commit(long offset, long bytes) {
    try {
      region.commit(offset, ExtentAllocator.rounded(bytes));
      return true;
    } catch (DwarfException refused) {
      extents.release(offset);
      if (refused.kind() != Kind.NO_SPACE) {
        throw refused;
      }
      LOG.warn("the pool has room that the machine has not: {}", refused.getMessage());
      return false;
    }
  }

  RemoteKey grant(Block block, Access access) {
    return region.grant(block.offset, block.length, access);
  }

  /** Returns when no one-sided operation under the key is in flight any more. */
  void revoke(RemoteKey key) {
    region.revoke(key);
  }

  void release(Block block) {
    long length = ExtentAllocator.rounded(block.length);
    if (length >= giveBackBytes) {
      region.discard(block.offset, length);
    } else {
      block.memory.fill((byte) 0);
    }
    extents.release(block.offset);
  }

  /** The caller has ended every reader. */
  @Override
  public void close() {
    region.close();
  }
}
