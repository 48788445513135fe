package dwarf.wal;

import java.lang.foreign.MemorySegment;

/** Is given each recovered batch, in the order of sequences. */
@FunctionalInterface
public interface BatchConsumer {

  /**
   * Takes one batch.
   *
   * @param batch as {@link BatchCodec} lays it out; valid during the call only
   */
  void accept(long firstSequence, int count, MemorySegment batch);
}
