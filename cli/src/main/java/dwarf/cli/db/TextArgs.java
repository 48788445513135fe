package dwarf.cli.db;

import dwarf.cli.text.TextForm;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How keys and values are written on the command line and printed; the same for every tool. */
public final class TextArgs {

  @ArgGroup(exclusive = true)
  private Choice choice = new Choice();

  /** At most one of these. */
  static final class Choice {

    @Option(
        names = "--escape",
        description =
            "Keys and values are written with escapes: \\t \\n \\r \\\\ and \\xNN for other bytes.")
    private boolean escape;

    @Option(names = "--hex", description = "Keys and values are written as hex digits.")
    private boolean hex;
  }

  /** The chosen form, or {@code byDefault}. */
  public TextForm form(TextForm byDefault) {
    if (choice.hex) {
      return TextForm.HEX;
    }
    return choice.escape ? TextForm.ESCAPE : byDefault;
  }
}
