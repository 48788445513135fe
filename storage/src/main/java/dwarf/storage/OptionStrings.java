package dwarf.storage;

import dwarf.base.DwarfException;
import java.util.Properties;

/** RocksDB's option strings, {@code k=v;k2={nested=v;};k3=v}, cut at their top level. */
final class OptionStrings {

  private OptionStrings() {}

  /** The options of {@code text} on top of those of {@code base}, key by top-level key. */
  static Properties merge(String base, String text) {
    Properties merged = new Properties();
    add(merged, base);
    add(merged, text);
    return merged;
  }

  private static void add(Properties into, String text) {
    int depth = 0;
    int start = 0;
    for (int at = 0; at <= text.length(); at++) {
      char c = at < text.length() ? text.charAt(at) : ';';
      if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      }
      if (depth < 0 || (at == text.length() && depth != 0)) {
        throw DwarfException.invalid("unbalanced braces in RocksDB options \"" + text + "\"");
      }
      if (c == ';' && depth == 0) {
        addOne(into, text.substring(start, at).strip());
        start = at + 1;
      }
    }
  }

  private static void addOne(Properties into, String option) {
    if (option.isEmpty()) {
      return;
    }
    int equals = option.indexOf('=');
    if (equals <= 0) {
      throw DwarfException.invalid(
          "RocksDB option \"" + option + "\" is not of the form key=value");
    }
    into.setProperty(option.substring(0, equals).strip(), option.substring(equals + 1).strip());
  }
}
