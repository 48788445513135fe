package dwarf.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** One run of the command line inside the test's process. */
record CliRun(int status, String out, String err) {

  static CliRun of(Object... arguments) {
    return withInput("", arguments);
  }

  static CliRun withInput(String input, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Io io =
        new Io(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false);
    String[] line = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
    int status = DwarfCli.commandLine(io).execute(line);
    return new CliRun(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
