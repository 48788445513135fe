package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;

/** Something that waits for the answer with its id; confined to the progress thread. */
interface ClientOperation {

  long deadlineNanos();

  /**
   * Takes the answer, which is valid during the call; throws CORRUPTION if it is none. The
   * connection has forgotten the operation before.
   */
  void answered(MemorySegment payload);

  /** Ends the operation; the connection has forgotten it before. */
  void fail(DwarfException reason);
}
