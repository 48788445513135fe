package dwarf.cli.input;

import dwarf.base.DwarfException;
import java.util.Locale;

/** The shapes of input that can be loaded. */
public enum InputFormat {
  /** Columns between tabs; no quoting. */
  TSV,
  /** RFC 4180: columns between commas, quotes around what needs them, also over several lines. */
  CSV,
  /** One JSON object a line. */
  JSON;

  /** By the ending of the file's name, with or without .gz. */
  public static InputFormat ofFile(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    return switch (plain.substring(plain.lastIndexOf('.') + 1)) {
      case "tsv", "tab" -> TSV;
      case "csv" -> CSV;
      case "json", "jsonl", "ndjson" -> JSON;
      default ->
          throw DwarfException.invalid(
              "cannot tell the format of "
                  + file
                  + " from its name: say --format tsv, csv or json");
    };
  }
}
