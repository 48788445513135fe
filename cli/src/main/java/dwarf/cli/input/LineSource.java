package dwarf.cli.input;

import dwarf.base.DwarfException;
import java.io.ByteArrayOutputStream;
import java.util.function.LongSupplier;

/** Records of a file of lines, in any format. */
final class LineSource implements RecordSource {

  /** What the progress of reading is measured by. */
  record Extent(LongSupplier position, long total) {}

  private final String name;
  private final LineReader lines;
  private final LineParser parser;
  private final BadLines badLines;
  private final Extent extent;
  private boolean headerAhead;

  LineSource(Origin origin, LineParser parser, boolean header, BadLines badLines) {
    this.name = origin.name();
    this.lines = origin.lines();
    this.extent = origin.extent();
    this.parser = parser;
    this.badLines = badLines;
    this.headerAhead = header;
  }

  /** Where the lines come from. */
  record Origin(String name, LineReader lines, Extent extent) {}

  @Override
  public InputRecord next() {
    readHeader();
    byte[] line = lines.next();
    while (line != null) {
      InputRecord record = parse(line, lines.line());
      if (record != null) {
        return record;
      }
      line = lines.next();
    }
    return null;
  }

  private void readHeader() {
    if (!headerAhead) {
      return;
    }
    headerAhead = false;
    byte[] line = lines.next();
    if (line == null) {
      throw DwarfException.invalid(name + " is empty: expected a header line");
    }
    try {
      parser.header(line);
    } catch (DwarfException e) {
      throw new DwarfException(e.kind(), name + ":1: " + e.getMessage(), e);
    }
  }

  private InputRecord parse(byte[] first, long line) {
    try {
      checkLength();
      return parser.parse(whole(first));
    } catch (DwarfException e) {
      if (e.kind() != DwarfException.Kind.INVALID_ARGUMENT) {
        throw e;
      }
      badLines.report(name, line, e.getMessage());
      return null;
    }
  }

  /** {@code first} and the lines that a quoted column goes on in. */
  private byte[] whole(byte[] first) {
    if (first.length == 0) {
      throw DwarfException.invalid("the line is empty");
    }
    boolean quoted = parser.endsQuoted(first, false);
    if (!quoted) {
      return first;
    }
    ByteArrayOutputStream record = new ByteArrayOutputStream(first.length * 2);
    record.writeBytes(first);
    while (quoted) {
      byte[] more = lines.next();
      if (more == null || record.size() + more.length > LineReader.MAX_LINE_BYTES) {
        throw DwarfException.invalid(
            "a quote opened in this record is not closed by line " + lines.line());
      }
      checkLength();
      record.write('\n');
      record.writeBytes(more);
      quoted = parser.endsQuoted(more, true);
    }
    return record.toByteArray();
  }

  private void checkLength() {
    if (lines.wasTooLong()) {
      throw DwarfException.invalid(
          "line " + lines.line() + " is longer than " + LineReader.MAX_LINE_BYTES + " bytes");
    }
  }

  @Override
  public long position() {
    return extent.position().getAsLong();
  }

  @Override
  public long total() {
    return extent.total();
  }

  @Override
  public void close() {
    lines.close();
  }
}
