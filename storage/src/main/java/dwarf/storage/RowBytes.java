package dwarf.storage;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A buffer that RocksDB copies a key or a value into, used again and again; wrapped when needed.
 */
final class RowBytes {

  private ByteBuffer buffer;
  private MemorySegment memory;
  private MemorySegment shown;

  RowBytes(int bytes) {
    allocate(bytes);
  }

  /** For RocksDB to copy into, from the start. */
  ByteBuffer empty() {
    return buffer.clear();
  }

  /** Whether the buffer was too short for that length, and is not any more. */
  boolean grow(int length) {
    if (length <= buffer.capacity()) {
      return false;
    }
    allocate((int) Math.min(Integer.MAX_VALUE, length + (length >>> 1) + 16L));
    return true;
  }

  /** What has been copied into it. */
  MemorySegment first(int length) {
    if (shown.byteSize() != length) {
      shown = memory.asSlice(0, length);
    }
    return shown;
  }

  /** Copies that here; what has been copied. */
  MemorySegment copyOf(MemorySegment source, long from, long bytes) {
    int length = Math.toIntExact(bytes);
    grow(length);
    MemorySegment.copy(source, from, memory, 0, length);
    return first(length);
  }

  private void allocate(int bytes) {
    buffer = ByteBuffer.allocateDirect(bytes);
    memory = MemorySegment.ofBuffer(buffer.duplicate());
    shown = memory.asSlice(0, 0);
  }
}
