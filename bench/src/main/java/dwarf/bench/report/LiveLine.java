package dwarf.bench.report;

import dwarf.bench.load.Benchmark;
import dwarf.bench.load.RoundListener;
import java.io.PrintStream;
import java.util.Locale;

/**
 * How far a benchmark is, on standard error: from two seconds on a line that is rewritten on a
 * terminal, or a new one every ten seconds elsewhere; with a stats interval a new line at each.
 */
public final class LiveLine implements RoundListener {

  private static final double QUIET_SECONDS = 2;
  private static final double PLAIN_SECONDS = 10;
  private static final double REWRITE_SECONDS = 0.5;
  private static final String CLEAR = "\r\033[K";

  private final PrintStream err;
  private final boolean rewrite;
  private final int statsInterval;
  private double lastSeconds;
  private long lastOperations;
  private boolean drawn;

  /**
   * @param statsInterval seconds between lines; 0: as it suits the terminal
   */
  public LiveLine(PrintStream err, boolean rewrite, int statsInterval) {
    this.err = err;
    this.rewrite = rewrite && statsInterval == 0;
    this.statsInterval = statsInterval;
  }

  @Override
  public void progress(Benchmark benchmark, double seconds, long operations) {
    if (seconds < lastSeconds) {
      lastSeconds = 0;
      lastOperations = 0;
    }
    double interval = statsInterval > 0 ? statsInterval : rewrite ? REWRITE_SECONDS : PLAIN_SECONDS;
    boolean quiet = statsInterval == 0 && seconds < QUIET_SECONDS;
    if (quiet || seconds - lastSeconds < interval) {
      return;
    }
    String line =
        String.format(
            Locale.ROOT,
            "%s ... (%d,%d) ops and (%.1f,%.1f) ops/second in (%.1f,%.1f) seconds",
            benchmark.text(),
            operations - lastOperations,
            operations,
            (operations - lastOperations) / (seconds - lastSeconds),
            operations / seconds,
            seconds - lastSeconds,
            seconds);
    lastSeconds = seconds;
    lastOperations = operations;
    err.print(rewrite ? CLEAR + line : line + System.lineSeparator());
    err.flush();
    drawn = rewrite;
  }

  /** Makes room for a result. */
  public void clear() {
    if (drawn) {
      err.print(CLEAR);
      err.flush();
      drawn = false;
    }
  }
}
