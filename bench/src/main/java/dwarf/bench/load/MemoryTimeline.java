package dwarf.bench.load;

import dwarf.bench.engine.MemoryUse;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory over time, in bounded memory: when there are too many samples every other one is
 * forgotten, and from then on fewer are kept. One thread.
 */
public final class MemoryTimeline {

  static final int MOST_POINTS = 600;

  /**
   * One look.
   *
   * @param nanos since the start of the benchmark
   * @param resident bytes of the whole process, 0 if the system does not tell
   */
  public record Point(long nanos, MemoryUse use, long resident) {}

  private List<Point> points = new ArrayList<>();
  private long offered;
  private int keepEvery = 1;

  /** Adds what was seen, unless it is one of those left out. */
  public void add(Point point) {
    if (offered++ % keepEvery != 0) {
      return;
    }
    points.add(point);
    if (points.size() == MOST_POINTS) {
      List<Point> half = new ArrayList<>(MOST_POINTS);
      for (int i = 0; i < points.size(); i += 2) {
        half.add(points.get(i));
      }
      points = half;
      keepEvery *= 2;
    }
  }

  public List<Point> points() {
    return List.copyOf(points);
  }
}
