package dwarf.fabric.tcp;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Gathers a payload on the heap. The array grows with what has arrived: a peer that announces much
 * and sends little costs little.
 */
final class CollectSink implements FrameSink {

  private static final int FIRST_BYTES = 64 << 10;

  private final int length;
  private final Consumer<byte[]> whole;
  private byte[] bytes;
  private int filled;

  CollectSink(int length, Consumer<byte[]> whole) {
    this.length = length;
    this.whole = whole;
    bytes = new byte[Math.min(length, FIRST_BYTES)];
  }

  @Override
  public void take(ByteBuf in, int size) {
    int needed = filled + size;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(length, Math.max(needed, 2L * bytes.length)));
    }
    in.readBytes(bytes, filled, size);
    filled = needed;
  }

  @Override
  public void done() {
    whole.accept(bytes);
  }
}
