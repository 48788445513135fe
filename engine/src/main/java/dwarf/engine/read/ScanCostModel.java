package dwarf.engine.read;

import dwarf.engine.read.ReadCostModel.Route;
import dwarf.protocol.NodeLoad;

/**
 * Chooses, for one walk over memtables in disaggregated memory, between merging blocks that are
 * read one-sided and having the memory node merge.
 *
 * <p>What is compared is the time to the first row, as measured here: reading one block of every
 * memtable, or one request for a batch of rows. The rows behind the first ones cost less by either
 * route, and by the one that is cheaper at first they are, too: a block costs what it cost before,
 * and a memory node that was slow to merge one batch is for the next. N1. Of two routes neither of
 * which has been measured the delegated one is tried first: it costs one exchange whatever the
 * number of memtables. N2. Now and then a walk takes the other route ({@link Exploration}). N3. The
 * model never decides what a walk shows, only its route.
 *
 * <p>The averages are written without a lock; a lost update costs one sample.
 */
public final class ScanCostModel {

  private static final double QUEUE_UNIT = 8.0;

  private final Exploration exploration = new Exploration();

  /** For each memtable: it costs a block of each. */
  private volatile double oneSidedNanos;

  private volatile double delegatedNanos;

  /** The route of a walk over so many memtables. */
  Route choose(int memtables, NodeLoad load) {
    if (delegatedNanos == 0) {
      return Route.DELEGATED;
    }
    if (oneSidedNanos == 0) {
      return Route.ONE_SIDED;
    }
    double blocks = oneSidedNanos * memtables;
    double batch = delegatedNanos * (1 + load.queueDepth() / QUEUE_UNIT);
    boolean blocksAreCheaper = blocks <= batch;
    boolean explore = exploration.isDue(Math.min(blocks, batch), Math.max(blocks, batch));
    return blocksAreCheaper != explore ? Route.ONE_SIDED : Route.DELEGATED;
  }

  /** A seek over so many memtables took so long. */
  void measured(Route route, int memtables, long nanos) {
    if (route == Route.ONE_SIDED) {
      oneSidedNanos = ReadCostModel.average(oneSidedNanos, (double) nanos / memtables);
    } else {
      delegatedNanos = ReadCostModel.average(delegatedNanos, (double) nanos);
    }
  }

  public long oneSidedNanos() {
    return (long) oneSidedNanos;
  }

  public long delegatedNanos() {
    return (long) delegatedNanos;
  }
}
