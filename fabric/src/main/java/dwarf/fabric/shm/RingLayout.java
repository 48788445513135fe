package dwarf.fabric.shm;

import dwarf.fabric.FabricOptions;
import dwarf.fabric.memory.Pages;

/**
 * The file that both ends of a connection map, in the byte order of the machine they share.
 *
 * <pre>
 *   0        client to server: control words
 *   1024     server to client: control words
 *   4096     client to server: capacity bytes of records
 *   4096+c   server to client: capacity bytes of records
 * </pre>
 *
 * <p>The control words of one direction, each on lines of its own, since different processors write
 * them (two lines, because processors fetch lines in pairs):
 *
 * <pre>
 *   0     tail      u64, the producer's: bytes ever published
 *   128   head      u64, the consumer's: bytes ever consumed
 *   256   waking    u32, the consumer's: how to wake it, see {@link Ring}
 *   384   blocked   u32, the producer's: 1 if it wants to hear of room
 * </pre>
 */
final class RingLayout {

  static final int TAIL = 0;
  static final int HEAD = 128;
  static final int WAKING = 256;
  static final int BLOCKED = 384;
  static final int CONTROL_BYTES = 1024;
  static final int DATA = Pages.BYTES;

  static final int LEAST_CAPACITY = 64 << 10;
  static final int MOST_CAPACITY = 16 << 20;

  /** More does not help: a ring that stays in the processor's cache is copied through faster. */
  private static final int USUAL_CAPACITY = 1 << 20;

  private RingLayout() {}

  /** Room for some chunks, so that both ends can copy at the same time. */
  static int capacity(FabricOptions options) {
    long wanted = Math.min(4L * options.chunkBytes(), USUAL_CAPACITY);
    return Math.max(LEAST_CAPACITY, Integer.highestOneBit((int) wanted));
  }

  static long fileBytes(int capacity) {
    return DATA + 2L * capacity;
  }

  static boolean isCapacity(long bytes) {
    return bytes >= LEAST_CAPACITY && bytes <= MOST_CAPACITY && Long.bitCount(bytes) == 1;
  }

  /** The most one record may carry: several must fit, or the two ends would take turns. */
  static int mostPayload(int capacity) {
    return capacity / 4 - 256;
  }
}
