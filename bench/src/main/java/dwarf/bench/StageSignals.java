package dwarf.bench;

import dwarf.base.DwarfException;
import dwarf.bench.load.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Says what comes next and waits to be told to go on, so that whoever started this process can
 * change its surroundings in between: a testbed limits the CPU only while it counts. A process
 * begins in the stage of warming up.
 */
public final class StageSignals implements Consumer<Stage> {

  /** Begins the line, before the stage. */
  public static final String LINE = "stage: ";

  private final BufferedReader in;
  private final PrintStream out;
  private Stage stage = Stage.WARM_UP;

  StageSignals(InputStream in, PrintStream out) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = out;
  }

  @Override
  public void accept(Stage next) {
    if (next == stage) {
      return;
    }
    stage = next;
    out.println(LINE + next);
    out.flush();
    try {
      if (in.readLine() == null) {
        throw DwarfException.unavailable(
            "--stage_signals: the standard input ended before it said to go on");
      }
    } catch (IOException e) {
      throw DwarfException.io("--stage_signals: cannot read the standard input: " + e, e);
    }
  }
}
