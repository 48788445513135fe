package dwarf.cli.demo;

import dwarf.base.ByteSize;
import dwarf.base.Clock;
import dwarf.cli.db.Whereabouts;
import dwarf.cli.text.Bar;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows how far the demo is and where the data is: bars redrawn in place on a terminal, otherwise a
 * line every other second.
 */
final class LivePicture {

  private static final long LIVE_NANOS = 150_000_000;
  private static final long PLAIN_NANOS = 2_000_000_000;
  private static final int WIDTH = 32;

  private final PrintStream out;
  private final boolean live;
  private final Clock clock;
  private long lastNanos;
  private int drawnLines;

  LivePicture(PrintStream out, boolean live, Clock clock) {
    this.out = out;
    this.live = live;
    this.clock = clock;
    this.lastNanos = clock.nanoTime() - PLAIN_NANOS;
  }

  /** A line that stays. */
  void say(String line) {
    erase();
    out.println(line);
    out.flush();
  }

  void show(String verb, EngineClient.EngineState state, int records) {
    long now = clock.nanoTime();
    if (now - lastNanos < (live ? LIVE_NANOS : PLAIN_NANOS)) {
      return;
    }
    lastNanos = now;
    if (live) {
      redraw(verb, state, records);
    } else {
      out.println("    " + verb + " " + compact(state, records));
    }
    out.flush();
  }

  /** The bars as they are now, to stay. */
  void stay(EngineClient.EngineState state) {
    erase();
    whereabouts(state).picture().forEach(line -> out.println("  " + line));
    out.flush();
  }

  private void redraw(String verb, EngineClient.EngineState state, int records) {
    erase();
    long done = state.number("records");
    List<String> lines = new ArrayList<>();
    lines.add(
        "    %-12s [%s] %s of %s"
            .formatted(verb, Bar.of(done, records, WIDTH), Bar.count(done), Bar.count(records)));
    whereabouts(state).picture().forEach(line -> lines.add("  " + line));
    lines.forEach(out::println);
    drawnLines = lines.size();
  }

  private void erase() {
    if (drawnLines > 0) {
      out.print("\033[" + drawnLines + "A\033[J");
      drawnLines = 0;
    }
  }

  private static String compact(EngineClient.EngineState state, int records) {
    return "%s of %s | local memory %s | memory node %s | SST files %s"
        .formatted(
            Bar.count(state.number("records")),
            Bar.count(records),
            ByteSize.show(state.number("localBytes")),
            ByteSize.show(state.number("dmBytes")),
            ByteSize.show(state.number("sstBytes")));
  }

  private static Whereabouts whereabouts(EngineClient.EngineState state) {
    return new Whereabouts(
        state.number("localBytes"), state.number("dmBytes"), state.number("sstBytes"));
  }
}
