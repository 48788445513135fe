package dwarf.engine.commit;

import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.memtable.WriteLane;
import dwarf.wal.WalBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Logs and shows what is finished in a lane, a group of writes at a time, from where visibility
 * ends to the first gap. A failure leaves what is not shown for ever unshown: who calls ends all
 * waiting then.
 *
 * <p>Threading: of one thread at a time, the one that shows ({@link TurnKeeper} K1).
 */
final class LaneGroups {

  private static final long MAX_GROUP_BYTES = 1 << 20;

  /** Groups that one thread shows in a row before it returns to its caller. */
  private static final int MAX_GROUPS = 64;

  private final VisibleSequence visible;
  private final Marks marks;
  private final Statistics statistics;

  /** Of the group that is being logged, else empty. */
  private final List<WalBatch> batches = new ArrayList<>();

  LaneGroups(VisibleSequence visible, Marks marks, Statistics statistics) {
    this.visible = visible;
    this.marks = marks;
    this.statistics = statistics;
  }

  /** Logs and shows some groups; returns whether there was one. */
  boolean show(TurnKeeper.Lane lane) {
    long from = lane.room().published();
    for (int groups = 0; groups < MAX_GROUPS; groups++) {
      long to = showGroup(lane, from);
      if (to == from) {
        return groups > 0;
      }
      from = to;
    }
    return true;
  }

  /** Shows what is finished from that place on; returns where it ends. */
  private long showGroup(TurnKeeper.Lane lane, long from) {
    long limit = WriteLane.offset(from) + MAX_GROUP_BYTES;
    long end = from;
    int writes = 0;
    while (WriteLane.offset(end) < limit) {
      long next = marks.end(lane.lastBefore(end) + 1);
      if (next == WriteLane.REFUSED) {
        break;
      }
      end = next;
      writes++;
    }
    if (writes > 0) {
      log(lane, from, end);
      lane.room().publish(end);
      visible.set(lane.lastBefore(end));
      count(from, end, writes);
    }
    return end;
  }

  private void log(TurnKeeper.Lane lane, long from, long end) {
    if (lane.log().takesBatches() && collectBatches(lane, from, end)) {
      lane.log().beforeShown(end, batches);
    } else {
      lane.log().beforeShown(from, end);
    }
    batches.clear();
  }

  /** Takes all that have been left; whether that is all there is. */
  private boolean collectBatches(TurnKeeper.Lane lane, long from, long end) {
    boolean all = true;
    for (long at = from; at != end; ) {
      long first = lane.lastBefore(at) + 1;
      CommitBatch batch = marks.takeBatch(first);
      all &= batch != null;
      if (all) {
        batches.add(batch.at(first));
      }
      at = marks.end(first);
    }
    return all;
  }

  private void count(long from, long end, int writes) {
    statistics.increment(Counter.WRITE_GROUPS);
    statistics.add(Counter.WRITE_BATCHES, writes);
    statistics.add(Counter.WRITE_RECORDS, WriteLane.count(end) - WriteLane.count(from));
    statistics.add(Counter.WRITE_BYTES, WriteLane.offset(end) - WriteLane.offset(from));
  }
}
