package dwarf.wal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory that grows to the longest frame met; shared by the readers of one recovery. */
final class ReadBuffer implements AutoCloseable {

  /** What one read brings in at least, if the file has it. */
  static final int WINDOW_BYTES = 256 << 10;

  private Arena arena = Arena.ofConfined();
  private MemorySegment memory = arena.allocate(WINDOW_BYTES);

  private Object holder;

  /** At least that many bytes for a reader to fill; takes them from the reader that had them. */
  MemorySegment take(Object reader, long bytes) {
    holder = reader;
    if (bytes > memory.byteSize()) {
      arena.close();
      arena = Arena.ofConfined();
      memory = arena.allocate(bytes);
    }
    return memory;
  }

  boolean isHeldBy(Object reader) {
    return holder == reader;
  }

  @Override
  public void close() {
    arena.close();
  }
}
