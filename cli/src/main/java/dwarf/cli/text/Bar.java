package dwarf.cli.text;

import java.util.Locale;

/** Bars of text, and numbers beside them. */
public final class Bar {

  private Bar() {}

  /** {@code width} cells of which {@code part / whole} are full; empty if nothing is known. */
  public static String of(long part, long whole, int width) {
    int full = whole <= 0 ? 0 : Math.clamp(Math.round((double) part * width / whole), 0, width);
    if (part > 0 && whole > 0 && full == 0) {
      full = 1;
    }
    return "#".repeat(full) + ".".repeat(width - full);
  }

  /** A count with thousands separators. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A duration as people say it: {@code 0.42 s}, {@code 12 s}, {@code 3 min 5 s}. */
  public static String seconds(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.2f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 120 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
  }
}
