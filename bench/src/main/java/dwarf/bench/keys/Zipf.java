package dwarf.bench.keys;

import java.util.SplittableRandom;

/**
 * Ranks 0 to n - 1, where rank r is chosen with a probability proportional to 1 / (r + 1)^s. By
 * rejection-inversion (Hörmann and Derflinger, 1996): draws from the area under the curve x^-s,
 * rounds, and draws again where the rounded bar sticks out of the curve. Unlike a table of sums
 * this needs neither memory nor time that grows with n; it accepts more than nine of ten draws.
 */
final class Zipf {

  private final long n;
  private final double s;

  /** The areas up to the left end of the first bar and the right end of the last. */
  private final double firstArea;

  private final double lastArea;

  /** A draw this close to its bar's middle needs no second look. */
  private final double sureDistance;

  Zipf(long n, double s) {
    this.n = n;
    this.s = s;
    this.firstArea = area(1.5) - 1;
    this.lastArea = area(n + 0.5);
    this.sureDistance = 2 - areaInverse(area(2.5) - height(2));
  }

  long next(SplittableRandom random) {
    while (true) {
      double drawn = lastArea + random.nextDouble() * (firstArea - lastArea);
      double x = areaInverse(drawn);
      long bar = Math.clamp(Math.round(x), 1L, n);
      if (bar - x <= sureDistance || drawn >= area(bar + 0.5) - height((double) bar)) {
        return bar - 1;
      }
    }
  }

  private double height(double x) {
    return Math.exp(-s * Math.log(x));
  }

  /** The integral of x^-s, (x^(1-s) - 1) / (1 - s), in a form that also holds near s = 1. */
  private double area(double x) {
    double log = Math.log(x);
    double t = (1 - s) * log;
    return log * (Math.abs(t) > 1e-8 ? Math.expm1(t) / t : 1 + t / 2);
  }

  private double areaInverse(double area) {
    double t = Math.max(-1, area * (1 - s));
    return Math.exp(area * (Math.abs(t) > 1e-8 ? Math.log1p(t) / t : 1 - t / 2));
  }
}
