package dwarf.wal.owner;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Who a database is: a text file of two lines, the uuid and the incarnation. The incarnation grows
 * when a copy of the database begins a history of its own, so that the two are never mixed.
 */
record Identity(UUID database, long incarnation) {

  static final int MAX_BYTES = 1024;

  MemorySegment encode() {
    return MemorySegment.ofArray(
        (database + "\n" + incarnation + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Identity decode(Path file, MemorySegment bytes) {
    String text = new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    try {
      if (lines.size() == 2 && text.endsWith("\n")) {
        Identity identity =
            new Identity(UUID.fromString(lines.get(0)), Long.parseLong(lines.get(1)));
        if (identity.incarnation > 0 && identity.database.toString().equals(lines.get(0))) {
          return identity;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new DwarfException(DwarfException.Kind.CORRUPTION, problem(file), e);
    }
    throw DwarfException.corruption(problem(file));
  }

  private static String problem(Path file) {
    return file
        + " does not hold the uuid and the incarnation of a database, one a line: restore it from"
        + " a copy of the database";
  }
}
