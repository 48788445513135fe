package dwarf.node.memory;

import dwarf.base.Invariants;
import dwarf.fabric.Access;
import dwarf.fabric.Fabric;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.MemorySegment;

/**
 * The memory a node lends: one range, registered with the fabric once, divided by {@link
 * ExtentAllocator}.
 *
 * <p>P1. Free memory is zero: no tenant ever reads what another left behind. P2. A block is
 * released once, after its keys were revoked and its last reader has gone. P3. Extents of at least
 * {@code giveBackBytes} go back to the operating system when released, smaller ones are overwritten
 * and stay resident. Where a fabric pins memory for its hardware, nothing may be given back: there
 * {@code giveBackBytes} is {@link Long#MAX_VALUE}. Thread-safe.
 */
final class DmPool implements AutoCloseable {

  /** One allocation; {@code memory} has exactly the requested length. */
  record Block(long offset, long length, MemorySegment memory) {}

  private final long capacity;
  private final long giveBackBytes;
  private final ExtentAllocator extents;
  private final PoolMemory pages;
  private final Region region;

  DmPool(Fabric fabric, long poolBytes, long giveBackBytes) {
    this.capacity = ExtentAllocator.rounded(poolBytes);
    this.giveBackBytes = giveBackBytes;
    this.extents = new ExtentAllocator(capacity);
    this.pages = PoolMemory.reserve(capacity);
    this.region = fabric.register(pages.memory());
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
    return offset < 0 ? null : new Block(offset, bytes, pages.memory().asSlice(offset, bytes));
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
      pages.discard(block.offset, length);
    } else {
      block.memory.fill((byte) 0);
    }
    extents.release(block.offset);
  }

  /** The caller has ended every reader. */
  @Override
  public void close() {
    region.close();
    pages.close();
  }
}
