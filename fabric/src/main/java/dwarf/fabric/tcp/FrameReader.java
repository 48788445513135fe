package dwarf.fabric.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.zip.CRC32C;

/**
 * Cuts a byte stream into frames: header first, then payload straight into the sink that the
 * receiver chose for it. Holds at most one header's bytes itself. Throws CORRUPTION at the first
 * byte that is wrong; it must not be fed afterwards. One thread.
 */
final class FrameReader {

  /** Who gets the frames. */
  interface Receiver {

    /** Chooses where a payload goes; throws CORRUPTION for a frame that has no place here. */
    FrameSink begin(FrameHeader header);

    /** Whether the next frame may be taken now. */
    boolean mayProceed();
  }

  private final int maxFrameBytes;
  private final Receiver receiver;
  private final ByteBuf partialHeader = Unpooled.buffer(FrameHeader.BYTES, FrameHeader.BYTES);
  private final CRC32C crc = new CRC32C();
  private FrameHeader header;
  private FrameSink sink;
  private int left;

  FrameReader(int maxFrameBytes, Receiver receiver) {
    this.maxFrameBytes = maxFrameBytes;
    this.receiver = receiver;
  }

  /** Consumes the bytes, up to the frame before which the receiver may not proceed. */
  void feed(ByteBuf in) {
    while (in.isReadable()) {
      if (sink == null) {
        if (!receiver.mayProceed()) {
          return;
        }
        if (!readHeader(in)) {
          return;
        }
      }
      readPayload(in);
    }
  }

  private boolean readHeader(ByteBuf in) {
    if (!partialHeader.isReadable() && in.readableBytes() >= FrameHeader.BYTES) {
      start(FrameHeader.decode(in, maxFrameBytes));
      return true;
    }
    in.readBytes(partialHeader, Math.min(partialHeader.writableBytes(), in.readableBytes()));
    if (partialHeader.isWritable()) {
      return false;
    }
    FrameHeader whole = FrameHeader.decode(partialHeader, maxFrameBytes);
    partialHeader.clear();
    start(whole);
    return true;
  }

  private void start(FrameHeader next) {
    header = next;
    left = next.length();
    crc.reset();
    sink = receiver.begin(next);
  }

  private void readPayload(ByteBuf in) {
    int size = Math.min(left, in.readableBytes());
    if (size > 0) {
      FrameHeader.update(crc, in, in.readerIndex(), size);
      sink.take(in, size);
      left -= size;
    }
    if (left == 0) {
      if ((int) crc.getValue() != header.payloadCrc()) {
        throw FrameHeader.malformed("payload checksum of " + header.type() + " does not match");
      }
      FrameSink complete = sink;
      sink = null;
      complete.done();
    }
  }
}
