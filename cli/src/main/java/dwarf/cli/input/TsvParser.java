package dwarf.cli.input;

import dwarf.cli.text.TextForm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns between tabs, as bytes: values need not be text. */
final class TsvParser implements LineParser {

  private final Columns columns;
  private final TextForm form;

  TsvParser(InputSpec spec) {
    columns = new Columns(spec);
    form = spec.form();
  }

  @Override
  public void header(byte[] line) {
    List<String> names = new ArrayList<>();
    for (byte[] name : split(line)) {
      names.add(new String(name, StandardCharsets.UTF_8));
    }
    columns.header(names);
  }

  @Override
  public InputRecord parse(byte[] line) {
    List<byte[]> cells = split(line);
    columns.check(cells.size());
    byte[] key = form.parse(cells.remove(columns.key()));
    byte[] value =
        columns.value() == Columns.REST
            ? rest(cells)
            : form.parse(split(line).get(columns.value()));
    return InputRecord.checked(key, value);
  }

  private byte[] rest(List<byte[]> cells) {
    int bytes = cells.size() - 1;
    for (int i = 0; i < cells.size(); i++) {
      cells.set(i, form.parse(cells.get(i)));
      bytes += cells.get(i).length;
    }
    byte[] joined = new byte[bytes];
    Arrays.fill(joined, (byte) '\t');
    int at = 0;
    for (byte[] cell : cells) {
      System.arraycopy(cell, 0, joined, at, cell.length);
      at += cell.length + 1;
    }
    return joined;
  }

  private static List<byte[]> split(byte[] line) {
    List<byte[]> cells = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= line.length; i++) {
      if (i == line.length || line[i] == '\t') {
        cells.add(Arrays.copyOfRange(line, start, i));
        start = i + 1;
      }
    }
    return cells;
  }
}
