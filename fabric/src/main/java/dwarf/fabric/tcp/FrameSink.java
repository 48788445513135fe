package dwarf.fabric.tcp;

import io.netty.buffer.ByteBuf;

/** Where the payload of one frame goes, piece by piece as it arrives. */
interface FrameSink {

  /** Consumes exactly {@code length} readable bytes; not yet verified by the payload's CRC. */
  void take(ByteBuf in, int length);

  /** The payload has arrived whole and its CRC matched. */
  void done();

  /** Takes the payload and forgets it. */
  static FrameSink discard(Runnable then) {
    return new FrameSink() {
      @Override
      public void take(ByteBuf in, int length) {
        in.skipBytes(length);
      }

      @Override
      public void done() {
        then.run();
      }
    };
  }
}
