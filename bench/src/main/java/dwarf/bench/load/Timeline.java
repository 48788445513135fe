package dwarf.bench.load;

import java.util.ArrayList;
import java.util.List;

/**
 * Throughput over time in bounded memory: how many operations ended between one sample and the
 * next. When there are too many samples, neighbours are merged, and from then on more go into one.
 * One thread.
 */
public final class Timeline {

  static final int MOST_POINTS = 600;

  /**
   * One interval.
   *
   * @param endNanos since the start of the benchmark; it begins where the one before ends
   */
  public record Point(long endNanos, long operations) {}

  private List<Point> points = new ArrayList<>();
  private long pending;
  private int merged;
  private int samplesPerPoint = 1;

  /** Operations since the sample before. */
  public void add(long endNanos, long operations) {
    pending += operations;
    merged++;
    if (merged == samplesPerPoint) {
      points.add(new Point(endNanos, pending));
      pending = 0;
      merged = 0;
      if (points.size() == MOST_POINTS) {
        halve();
      }
    }
  }

  private void halve() {
    List<Point> pairs = new ArrayList<>(MOST_POINTS);
    for (int i = 0; i < points.size(); i += 2) {
      Point second = points.get(i + 1);
      pairs.add(new Point(second.endNanos(), points.get(i).operations() + second.operations()));
    }
    points = pairs;
    samplesPerPoint *= 2;
  }

  public List<Point> points() {
    return List.copyOf(points);
  }
}
