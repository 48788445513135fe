package dwarf.engine.commit;

import dwarf.wal.WalBatch;
import java.util.List;

/**
 * How the writes of an open lane get into the log: not at all, before they are shown ({@link
 * LogByMemory}, {@link LogFirst}), or some time later ({@link LogLater}).
 */
interface LaneLog {

  LaneLog NONE =
      new LaneLog() {
        @Override
        public boolean returnsFirst() {
          return true;
        }
      };

  /** Whether a write may return before what comes before it is finished, logged and shown. */
  default boolean returnsFirst() {
    return false;
  }

  /** Whether writers pass through the {@link LaneGate}. */
  default boolean isForFew() {
    return false;
  }

  /** Whether batches are to leave their bytes for {@link #beforeShown(long, List)}. */
  default boolean takesBatches() {
    return false;
  }

  /** What lies between the two places is about to be shown; one caller at a time, in order. */
  default void beforeShown(long from, long end) {}

  /** As the other, where all that is shown is batches that have left their bytes. */
  default void beforeShown(long end, List<WalBatch> batches) {}

  /** A writer's records, which end at that place, are finished; before it returns. */
  default void afterFinished(long end) {}

  /** A writer has waited for its turn for longer than it takes others to log a group. */
  default void crowded() {}

  /** Whether the lane is the better way for a write of so many records. */
  default boolean suits(int records) {
    return true;
  }

  /** Logs everything that is visible and has not been logged; by any thread. */
  default void catchUp() {}

  /** As {@link #catchUp}, when all the lane has is visible. After that the log is the leader's. */
  default void close() {}
}
