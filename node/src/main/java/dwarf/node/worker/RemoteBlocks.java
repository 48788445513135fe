package dwarf.node.worker;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.memtable.BlockSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Reads one shard's image from disaggregated memory in chunks, and asks for the next chunks while
 * the current one is consumed, as long as the reads go forward.
 *
 * <p>A ring of {@value #CHUNKS} chunks; chunk {@code i} lives in slot {@code i % CHUNKS}. Buffers
 * are freed by the garbage collector, because an abandoned transfer may still write into one. One
 * thread at a time.
 */
final class RemoteBlocks implements BlockSource {

  /** The chunk being consumed and those on their way. */
  static final int CHUNKS = 4;

  private static final long NONE = -1;

  private final OneSided image;
  private final long imageBytes;
  private final Runnable checkAlive;
  private final int chunkBytes;
  private final MemorySegment[] buffers = new MemorySegment[CHUNKS];
  private final long[] held = {NONE, NONE, NONE, NONE};
  private final CompletableFuture<?>[] pending = new CompletableFuture<?>[CHUNKS];
  private MemorySegment joined = MemorySegment.NULL;
  private long lastChunk = NONE;
  private long bytesRead;

  /** Reads a part of the image into {@code target}, without the other side's CPU. */
  @FunctionalInterface
  interface OneSided {
    CompletableFuture<Void> read(long offset, MemorySegment target);
  }

  /**
   * @param checkAlive throws if the task has been abandoned
   */
  RemoteBlocks(OneSided image, long imageBytes, int chunkBytes, Runnable checkAlive) {
    this.image = image;
    this.imageBytes = imageBytes;
    this.chunkBytes = chunkBytes;
    this.checkAlive = checkAlive;
  }

  @Override
  public MemorySegment read(long offset, int length) {
    checkAlive.run();
    if (offset < 0 || length < 0 || offset + length > imageBytes) {
      throw DwarfException.corruption(
          "a shard refers to bytes outside its image of "
              + imageBytes
              + " bytes: "
              + length
              + " at offset "
              + offset);
    }
    long first = offset / chunkBytes;
    long last = length == 0 ? first : (offset + length - 1) / chunkBytes;
    if (first == last) {
      return chunk(first).asSlice(offset - first * chunkBytes, length);
    }
    return last - first < CHUNKS ? join(offset, length) : readWhole(offset, length);
  }

  /** Bytes asked of the memory node, those read ahead included. */
  long bytesRead() {
    return bytesRead;
  }

  private MemorySegment join(long offset, int length) {
    MemorySegment target = space(length);
    long at = 0;
    while (at < length) {
      long chunk = (offset + at) / chunkBytes;
      long within = offset + at - chunk * chunkBytes;
      long part = Math.min(length - at, chunkBytes - within);
      MemorySegment.copy(chunk(chunk), within, target, at, part);
      at += part;
    }
    return target;
  }

  private MemorySegment readWhole(long offset, int length) {
    for (int attempt = 1; ; attempt++) {
      MemorySegment target = Arena.ofAuto().allocate(length, Long.BYTES);
      bytesRead += length;
      try {
        join(image.read(offset, target));
        return target;
      } catch (DwarfException e) {
        checkRepeatable(e, attempt);
      }
    }
  }

  private MemorySegment space(int length) {
    if (joined.byteSize() < length) {
      joined = Arena.ofAuto().allocate(length, Long.BYTES);
    }
    return joined.asSlice(0, length);
  }

  private MemorySegment chunk(long chunk) {
    boolean forward = chunk == lastChunk + 1 || chunk == lastChunk;
    lastChunk = chunk;
    for (int attempt = 1; ; attempt++) {
      request(chunk);
      if (forward) {
        for (long next = chunk + 1; next < chunk + CHUNKS; next++) {
          if (next * chunkBytes < imageBytes) {
            request(next);
          }
        }
      }
      try {
        settle(slot(chunk));
        return part(chunk);
      } catch (DwarfException e) {
        checkRepeatable(e, attempt);
      }
    }
  }

  /** Waits for a slot's transfer. A buffer whose transfer failed is not used again. */
  private void settle(int slot) {
    CompletableFuture<?> transfer = pending[slot];
    if (transfer == null) {
      return;
    }
    pending[slot] = null;
    boolean arrived = false;
    try {
      join(transfer);
      arrived = true;
    } finally {
      if (!arrived) {
        held[slot] = NONE;
        buffers[slot] = null;
      }
    }
  }

  private void request(long chunk) {
    int slot = slot(chunk);
    if (held[slot] == chunk) {
      return;
    }
    if (buffers[slot] == null || pending[slot] != null) {
      buffers[slot] = Arena.ofAuto().allocate(Math.min(chunkBytes, imageBytes), Long.BYTES);
    }
    held[slot] = chunk;
    MemorySegment part = part(chunk);
    bytesRead += part.byteSize();
    pending[slot] = image.read(chunk * chunkBytes, part);
  }

  private MemorySegment part(long chunk) {
    long length = Math.min(chunkBytes, imageBytes - chunk * chunkBytes);
    return buffers[slot(chunk)].asSlice(0, length);
  }

  private static int slot(long chunk) {
    return (int) (chunk % CHUNKS);
  }

  /** Lets a transfer that failed for want of a connection be repeated once. */
  private void checkRepeatable(DwarfException failure, int attempt) {
    if (failure.kind() != Kind.UNAVAILABLE || attempt == 2) {
      throw failure;
    }
    checkAlive.run();
  }

  private static void join(CompletableFuture<?> transfer) {
    try {
      transfer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DwarfException known) {
        throw known;
      }
      throw e;
    }
  }
}
