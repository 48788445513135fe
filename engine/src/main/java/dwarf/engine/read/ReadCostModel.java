package dwarf.engine.read;

import dwarf.protocol.NodeLoad;

/**
 * Chooses, for one lookup that must go to disaggregated memory, between reading blocks one-sided
 * and delegating the search to the memory node's CPU.
 *
 * <p>Both costs are moving averages of what was measured on this connection. One-sided costs one
 * block read, and another for each further candidate in the rare case that the filter of a newer
 * one was wrong. Delegated costs one request whatever the number of candidates, more while the node
 * reports a queue or a busy CPU. M1. Now and then the other way is taken, so that neither average
 * grows old ({@link Exploration}). M2. What disturbs a measurement only ever adds to it, the first
 * one of all most of all, and a thread that loses its processor in the middle of a microsecond adds
 * milliseconds; so averages come down faster than they go up, and no sample counts for more than
 * {@value #MOST_TIMES} times the average: one does not decide for a thousand reads, a dozen do. M3.
 * The model never decides what a read returns, only its route.
 *
 * <p>The averages are written without a lock; a lost update costs one sample.
 */
public final class ReadCostModel {

  /** The two routes to a block in disaggregated memory. */
  public enum Route {
    ONE_SIDED,
    DELEGATED
  }

  /** Of a sample that was slower than the average, and of one that was faster. */
  private static final double WEIGHT_UP = 1.0 / 16;

  private static final double WEIGHT_DOWN = 1.0 / 4;
  private static final int MOST_TIMES = 8;
  private static final double FALSE_POSITIVES = 0.01;
  private static final double QUEUE_UNIT = 8.0;
  private static final int BUSY_PERMILLE = 900;

  private static final int MEASURED_BITS = 3;

  /** Spreads numbers over all ints, so that no pattern of reads is measured never or always. */
  private static final int SPREAD = 0x9E3779B9;

  private final Exploration exploration = new Exploration();
  private volatile double oneSidedNanos;
  private volatile double delegatedNanos;

  public Route choose(int candidates, NodeLoad load) {
    double oneSided = oneSidedCost(candidates);
    double delegated = delegatedCost(load);
    Route cheaper = oneSided <= delegated ? Route.ONE_SIDED : Route.DELEGATED;
    boolean explore =
        exploration.isDue(Math.min(oneSided, delegated), Math.max(oneSided, delegated));
    return explore ? other(cheaper) : cheaper;
  }

  /**
   * Whether to ask for several keys in one delegated request, rather than one by one. What such a
   * request took says nothing about single ones, so only those feed the averages.
   */
  public boolean isBatchCheaper(int keys, NodeLoad load) {
    boolean unmeasured = oneSidedNanos == 0;
    return keys > 1 && (unmeasured || delegatedCost(load) <= keys * oneSidedNanos);
  }

  /** Expected nanoseconds of answering from so many candidates by block reads. */
  public double oneSidedCost(int candidates) {
    return oneSidedNanos * (1 + FALSE_POSITIVES * (candidates - 1));
  }

  /** Expected nanoseconds of delegating, at the load the node last reported. */
  public double delegatedCost(NodeLoad load) {
    double busy = load.cpuPermille() > BUSY_PERMILLE ? 1.5 : 1.0;
    return delegatedNanos * (1 + load.queueDepth() / QUEUE_UNIT) * busy;
  }

  /** Takes a measurement in: nanoseconds per block read, or per delegated request. */
  public void measured(Route route, long nanos) {
    if (route == Route.ONE_SIDED) {
      oneSidedNanos = average(oneSidedNanos, (double) nanos);
    } else {
      delegatedNanos = average(delegatedNanos, (double) nanos);
    }
  }

  /**
   * Whether to measure a thread's block read of that number. Every one while blocks seem the dearer
   * way, which is taken seldom, so that it is soon seen if that is wrong; else one in eight, since
   * a look at the clock costs as much as a tenth of the read.
   */
  boolean wantsBlockRead(int number) {
    double known = oneSidedNanos;
    return known == 0
        || known >= delegatedNanos
        || (number * SPREAD) >>> (Integer.SIZE - MEASURED_BITS) == 0;
  }

  public long oneSidedNanos() {
    return (long) oneSidedNanos;
  }

  public long delegatedNanos() {
    return (long) delegatedNanos;
  }

  private static Route other(Route route) {
    return route == Route.ONE_SIDED ? Route.DELEGATED : Route.ONE_SIDED;
  }

  static double average(double before, double sample) {
    if (before == 0) {
      return sample;
    }
    double weight = sample < before ? WEIGHT_DOWN : WEIGHT_UP;
    return before + weight * (Math.min(sample, MOST_TIMES * before) - before);
  }
}
