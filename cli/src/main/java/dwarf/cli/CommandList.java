package dwarf.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IHelpSectionRenderer;

/** The commands with one sentence of each description, however many lines that takes. */
final class CommandList implements IHelpSectionRenderer {

  private static final int INDENT = 2;

  @Override
  public String render(Help help) {
    Map<String, Help> commands = help.subcommands();
    int longest = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
    int width = help.commandSpec().usageMessage().width();
    int names = longest + 2 * INDENT;
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(names, INDENT, Column.Overflow.SPAN),
            new Column(width - names, 0, Column.Overflow.WRAP));
    commands.forEach((name, command) -> table.addRowValues(name, summary(command)));
    return table.toString();
  }

  private static String summary(Help command) {
    CommandLine.Model.UsageMessageSpec text = command.commandSpec().usageMessage();
    String[] lines = text.header().length > 0 ? text.header() : text.description();
    return lines.length == 0 ? "" : lines[0].split("[:;.] ", 2)[0].replaceFirst("\\.?$", ".");
  }
}
