package dwarf.cli.input;

import java.io.PrintStream;

/** Reports every line that holds no record, and counts them. */
public final class BadLines {

  private final PrintStream out;
  private final Runnable before;
  private long count;

  /** {@code before} runs before each report, so that a progress line can step aside. */
  public BadLines(PrintStream out, Runnable before) {
    this.out = out;
    this.before = before;
  }

  void report(String file, long line, String reason) {
    before.run();
    out.println(file + ":" + line + ": " + reason);
    count++;
  }

  public long count() {
    return count;
  }
}
