package dwarf.fabric.ucx;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * One message in native memory, from when it is built until UCX has let go of it. The memory comes
 * from Netty's pool, which keeps what it once had: where a network card needs memory registered,
 * UCX's registration cache then finds it registered. One thread at a time.
 */
final class Outgoing {

  private final ByteBuf memory;
  private final MemorySegment head;
  private final MemorySegment data;
  private Runnable gone = () -> {};

  private Outgoing(ByteBuf memory, MemorySegment head, MemorySegment data) {
    this.memory = memory;
    this.head = head;
    this.data = data;
  }

  static Outgoing of(MessageType type, int code, long id, MemorySegment payload) {
    int size = (int) payload.byteSize();
    return build(type, code, id, size, data -> MemorySegment.copy(payload, 0, data, 0, size));
  }

  /** The filler must write all {@code length} bytes; what it throws leaves nothing behind. */
  static Outgoing build(
      MessageType type, int code, long id, int length, Consumer<MemorySegment> filler) {
    ByteBuf memory = allocate(MessageHead.BYTES + length);
    try {
      MemorySegment whole = segment(memory, MessageHead.BYTES + length);
      MemorySegment head = whole.asSlice(0, MessageHead.BYTES);
      MemorySegment data = whole.asSlice(MessageHead.BYTES, length);
      filler.accept(data);
      new MessageHead(type, code, id, length, Checksums.crc32c(data), 0, null).encode(head);
      return new Outgoing(memory, head, data);
    } catch (RuntimeException | Error e) {
      memory.release();
      throw e;
    }
  }

  static Outgoing error(long id, DwarfException error) {
    byte[] text = String.valueOf(error.getMessage()).getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MessageHead.MAX_TEXT_BYTES);
    return of(
        MessageType.ERROR, error.kind().code(), id, MemorySegment.ofArray(text).asSlice(0, length));
  }

  static Outgoing empty(MessageType type, long id) {
    return of(type, 0, id, MemorySegment.ofArray(new byte[0]));
  }

  /** A READ, RESOLVE or REVOKED. */
  static Outgoing about(MessageType type, long id, RemotePlace place) {
    ByteBuf memory = allocate(MessageHead.MOST_BYTES);
    MemorySegment head = segment(memory, MessageHead.MOST_BYTES);
    new MessageHead(type, 0, id, 0, 0, 0, place).encode(head);
    return new Outgoing(memory, head, MemorySegment.NULL);
  }

  /** A WRITE of native memory where it is, or of a copy of heap memory. */
  static Outgoing write(long id, RemotePlace place, MemorySegment source) {
    int copied = source.isNative() ? 0 : place.length();
    ByteBuf memory = allocate(MessageHead.MOST_BYTES + copied);
    MemorySegment whole = segment(memory, MessageHead.MOST_BYTES + copied);
    MemorySegment head = whole.asSlice(0, MessageHead.MOST_BYTES);
    MemorySegment data = source;
    if (!source.isNative()) {
      data = whole.asSlice(MessageHead.MOST_BYTES);
      data.copyFrom(source);
    }
    int crc = Checksums.crc32c(data);
    new MessageHead(MessageType.WRITE, 0, id, place.length(), crc, 0, place).encode(head);
    return new Outgoing(memory, head, data);
  }

  private static ByteBuf allocate(int bytes) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
  }

  private static MemorySegment segment(ByteBuf memory, int bytes) {
    return MemorySegment.ofBuffer(memory.internalNioBuffer(0, bytes));
  }

  MemorySegment head() {
    return head;
  }

  MemorySegment data() {
    return data;
  }

  long bytes() {
    return head.byteSize() + data.byteSize();
  }

  /** Runs the action when nothing touches this message, or the source of a WRITE, any more. */
  Outgoing whenGone(Runnable action) {
    gone = action;
    return this;
  }

  /** UCX has let go of it, or never got it; once. */
  void release() {
    memory.release();
    gone.run();
  }
}
