package dwarf.cli;

import dwarf.cli.text.Terminal;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command reads from and writes to. Data goes to {@code out}, everything said to the person
 * to {@code err}.
 *
 * @param live whether {@code err} is a terminal that a line can be rewritten on
 */
public record Io(InputStream in, PrintStream out, PrintStream err, boolean live) {

  private static final int BUFFER_BYTES = 1 << 16;

  /** The process's own. {@code out} is buffered: flush it. */
  static Io standard() {
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
            false,
            StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    return new Io(System.in, out, err, Terminal.isStandardError());
  }

  /** Writes a line that somebody may be waiting for. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }
}
