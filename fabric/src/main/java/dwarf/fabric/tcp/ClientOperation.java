package dwarf.fabric.tcp;

import dwarf.base.DwarfException;
import io.netty.buffer.ByteBuf;

/** Something that waits for the answer with its id; confined to the event loop. */
interface ClientOperation {

  long deadlineNanos();

  /**
   * Where the answer's payload goes; throws CORRUPTION if an answer of that length is no answer.
   */
  FrameSink answer(int length);

  /** Ends the operation; the connection has forgotten it before. */
  void fail(DwarfException reason);

  /** A frame's bytes, built when the id is known. */
  @FunctionalInterface
  interface FrameMaker {
    ByteBuf make(long id);
  }
}
