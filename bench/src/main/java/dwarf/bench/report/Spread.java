package dwarf.bench.report;

import java.util.Arrays;

/** Where a few measurements of the same thing lie. */
public record Spread(double least, double median, double most) {

  public static Spread of(double[] measurements) {
    double[] sorted = measurements.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }

  /** The distance from least to most, as a part of the median. */
  public double relative() {
    return median == 0 ? 0 : (most - least) / median;
  }
}
