package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.fabric.memory.SharedFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Both directions of one connection, mapped as long as this is open. */
final class RingPair implements AutoCloseable {

  private final Arena arena = Arena.ofShared();
  private final Ring toServer;
  private final Ring toClient;

  private RingPair(SharedFile file, int capacity) {
    try {
      MemorySegment control = file.map(0, RingLayout.DATA, true, arena);
      int words = RingLayout.CONTROL_BYTES;
      toServer =
          new Ring(
              control.asSlice(0, words), file.mapTwice(RingLayout.DATA, capacity, arena), capacity);
      toClient =
          new Ring(
              control.asSlice(words, words),
              file.mapTwice((long) RingLayout.DATA + capacity, capacity, arena),
              capacity);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Maps the caller's own new file; before the peer knows of it. */
  static RingPair create(SharedFile file, int capacity) {
    RingPair rings = new RingPair(file, capacity);
    rings.toServer.waking(Ring.ASLEEP);
    rings.toClient.waking(Ring.ASLEEP);
    return rings;
  }

  /** Maps a peer's file; UNAVAILABLE or CORRUPTION if it is not what the peer says it is. */
  static RingPair open(SharedFile.Location location) {
    long capacity = (location.bytes() - RingLayout.DATA) / 2;
    if (!RingLayout.isCapacity(capacity)
        || location.bytes() != RingLayout.fileBytes((int) capacity)) {
      throw DwarfException.corruption(
          "rings in " + location.bytes() + " bytes: no capacity this side accepts");
    }
    try (SharedFile file = SharedFile.openSealed(location)) {
      return new RingPair(file, (int) capacity);
    }
  }

  Ring toServer() {
    return toServer;
  }

  Ring toClient() {
    return toClient;
  }

  @Override
  public void close() {
    arena.close();
  }
}
