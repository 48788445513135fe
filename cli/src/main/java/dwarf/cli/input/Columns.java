package dwarf.cli.input;

import dwarf.base.DwarfException;
import java.util.List;

/** Which columns are key and value, once the header (if any) is known. */
final class Columns {

  /** In place of the value's index: all columns but the key's. */
  static final int REST = -1;

  private final InputSpec spec;
  private int key;
  private int value;
  private int expected;

  Columns(InputSpec spec) {
    this.spec = spec;
    if (!spec.header()) {
      key = number(spec.key(), 0);
      value = number(spec.value(), REST);
    }
  }

  /** Resolves names by the header; a name that it lacks ends the load, as no line can be right. */
  void header(List<String> names) {
    expected = names.size();
    key = find(names, spec.key(), 0);
    value = find(names, spec.value(), REST);
  }

  int key() {
    return key;
  }

  int value() {
    return value;
  }

  /** Refuses a line that lacks a column. */
  void check(int columns) {
    if (expected > 0 && columns != expected) {
      throw DwarfException.invalid(columns + " columns, but the header has " + expected);
    }
    int needed = Math.max(2, Math.max(key, value) + 1);
    if (columns < needed) {
      throw DwarfException.invalid(columns + " columns, expected at least " + needed);
    }
  }

  private static int find(List<String> names, String column, int byDefault) {
    int at = column == null ? byDefault : names.indexOf(column);
    if (at >= 0 || column == null) {
      return at;
    }
    if (column.matches("[1-9][0-9]{0,5}") && Integer.parseInt(column) <= names.size()) {
      return Integer.parseInt(column) - 1;
    }
    throw DwarfException.invalid("no column '" + column + "': the header has " + names);
  }

  private static int number(String column, int byDefault) {
    if (column == null) {
      return byDefault;
    }
    if (!column.matches("[1-9][0-9]{0,5}")) {
      throw DwarfException.invalid(
          "column '" + column + "': without --header it must be a number from 1");
    }
    return Integer.parseInt(column) - 1;
  }
}
