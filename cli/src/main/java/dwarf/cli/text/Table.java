package dwarf.cli.text;

import java.util.ArrayList;
import java.util.List;

/** Rows whose columns line up; columns of numbers lean right. */
public final class Table {

  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] right;

  /** One letter a column: {@code l} leans left, {@code r} right. */
  public Table(String columns) {
    right = new boolean[columns.length()];
    for (int i = 0; i < right.length; i++) {
      right[i] = columns.charAt(i) == 'r';
    }
  }

  public void row(String... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
    }
    rows.add(List.of(cells));
  }

  @Override
  public String toString() {
    int[] width = new int[right.length];
    for (List<String> row : rows) {
      for (int i = 0; i < width.length; i++) {
        width[i] = Math.max(width[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < width.length; i++) {
        String cell = row.get(i);
        String space = " ".repeat(width[i] - cell.length());
        line.append(i == 0 ? "" : "  ").append(right[i] ? space + cell : cell + space);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
