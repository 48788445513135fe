package dwarf.cli.text;

import dwarf.base.ByteSize;
import dwarf.base.Clock;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Tells on standard error how far a long command is: one line rewritten in place on a terminal,
 * otherwise a plain line every {@value #PLAIN_SECONDS} seconds. One thread at a time.
 */
public final class Progress implements AutoCloseable {

  /** What is done: {@code position} of {@code total} input bytes (total < 0: unknown). */
  public record State(long position, long total, long entries) {}

  static final int PLAIN_SECONDS = 5;
  private static final long LIVE_NANOS = 100_000_000L;
  private static final int BAR_WIDTH = 24;
  private static final String REWRITE = "\r\033[K";

  private final String verb;
  private final PrintStream out;
  private final boolean live;
  private final Clock clock;
  private final long startNanos;
  private long lastNanos;
  private boolean drawn;

  public Progress(String verb, PrintStream out, boolean live, Clock clock) {
    this.verb = verb;
    this.out = out;
    this.live = live;
    this.clock = clock;
    this.startNanos = clock.nanoTime();
    this.lastNanos = startNanos;
  }

  /** Shows {@code state} if it is time to; cheap enough for every batch. */
  public void update(State state) {
    long now = clock.nanoTime();
    if (now - lastNanos < (live ? LIVE_NANOS : PLAIN_SECONDS * 1_000_000_000L)) {
      return;
    }
    lastNanos = now;
    String line = line(state, (now - startNanos) / 1e9);
    if (live) {
      out.print(REWRITE + line);
      out.flush();
      drawn = true;
    } else {
      out.println(line);
    }
  }

  /** Makes room for a message of somebody else. */
  public void clear() {
    if (drawn) {
      out.print(REWRITE);
      out.flush();
      drawn = false;
    }
  }

  public double seconds() {
    return (clock.nanoTime() - startNanos) / 1e9;
  }

  private String line(State state, double seconds) {
    double rate = seconds <= 0 ? 0 : state.entries / seconds;
    String text =
        String.format(
            Locale.ROOT,
            "%s entries, %s, %,.0f entries/s",
            Bar.count(state.entries),
            ByteSize.show(state.position),
            rate);
    if (state.total <= 0) {
      return verb + " " + text;
    }
    double done = Math.min(1, (double) state.position / state.total);
    String eta = done < 0.01 ? "" : ", " + Bar.seconds(seconds * (1 - done) / done) + " left";
    return String.format(
        Locale.ROOT,
        "%s [%s] %3.0f %%  %s%s",
        verb,
        Bar.of(state.position, state.total, BAR_WIDTH),
        done * 100,
        text,
        eta);
  }

  @Override
  public void close() {
    clear();
  }
}
