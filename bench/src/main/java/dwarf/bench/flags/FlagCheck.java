package dwarf.bench.flags;

import dwarf.base.DwarfException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Refuses flags whose values make no sense, as wrong usage. */
record FlagCheck(CommandLine command) {

  void that(boolean holds, String flag, Object value, String allowed) {
    if (!holds) {
      throw new ParameterException(command, flag + " is " + value + "; it must be " + allowed);
    }
  }

  void parses(Runnable use) {
    try {
      use.run();
    } catch (DwarfException e) {
      throw new ParameterException(command, e.getMessage());
    }
  }
}
