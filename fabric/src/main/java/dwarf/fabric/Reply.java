package dwarf.fabric;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;

/**
 * The answer to one request; may be given later and from any thread, exactly once (a second answer
 * is an INTERNAL error). Answering a peer that has gone is no error and has no effect.
 */
public interface Reply {

  /**
   * Sends the payload, which is copied before the call returns. A payload over {@link
   * FabricOptions#maxFrameBytes()} is refused with INVALID_ARGUMENT and the request stays
   * unanswered. If the peer leaves more than {@link FabricOptions#maxInFlightBytes()} of replies
   * unread, it gets BUSY instead of this one.
   */
  void ok(MemorySegment payload);

  /** Makes the peer's future fail with the same kind and message. */
  void fail(DwarfException error);
}
