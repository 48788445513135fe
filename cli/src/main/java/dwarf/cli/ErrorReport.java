package dwarf.cli;

import dwarf.base.DwarfException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/**
 * Turns failures into one line on standard error that says what, where and what to do. The stack
 * trace is for {@code --verbose}; only a bug shows it unasked.
 */
final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {

  private final Io io;

  ErrorReport(Io io) {
    this.io = io;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    io.out().flush();
    boolean expected =
        failure instanceof DwarfException known && known.kind() != DwarfException.Kind.INTERNAL;
    String what = expected ? failure.getMessage() : "unexpected failure: " + failure;
    io.err().println(command.getCommandSpec().qualifiedName() + ": " + oneLine(what));
    if (isVerbose(command) || !expected) {
      failure.printStackTrace(io.err());
    }
    return ExitCodes.FAILED;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    io.err().println(name + ": " + oneLine(failure.getMessage()) + " (see '" + name + " --help')");
    return ExitCodes.USAGE;
  }

  private static boolean isVerbose(CommandLine command) {
    return command.getCommandSpec().root().userObject() instanceof DwarfCli cli && cli.isVerbose();
  }

  private static String oneLine(String message) {
    return String.join(" ", String.valueOf(message).lines().map(String::strip).toList());
  }
}
