package dwarf.cli.input;

import dwarf.base.DwarfException;
import dwarf.cli.text.TextForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * RFC 4180 records. Each record is parsed on its own, so that a broken one does not end the load;
 * where one ends is decided here, by a quote that opens at the start of a column.
 */
final class CsvParser implements LineParser {

  private static final CSVFormat FORMAT = CSVFormat.RFC4180;

  private final Columns columns;
  private final TextForm form;

  CsvParser(InputSpec spec) {
    columns = new Columns(spec);
    form = spec.form();
  }

  @Override
  public boolean endsQuoted(byte[] line, boolean startsQuoted) {
    boolean quoted = startsQuoted;
    boolean columnStart = !startsQuoted;
    for (byte b : line) {
      if (b == '"' && (quoted || columnStart)) {
        quoted = !quoted;
        columnStart = !quoted;
      } else {
        columnStart = b == ',' && !quoted;
      }
    }
    return quoted;
  }

  @Override
  public void header(byte[] line) {
    columns.header(record(line).stream().toList());
  }

  @Override
  public InputRecord parse(byte[] line) {
    CSVRecord record = record(line);
    columns.check(record.size());
    byte[] key = form.parse(record.get(columns.key()));
    byte[] value =
        form.parse(columns.value() == Columns.REST ? rest(record) : record.get(columns.value()));
    return InputRecord.checked(key, value);
  }

  private String rest(CSVRecord record) {
    List<String> others =
        IntStream.range(0, record.size())
            .filter(i -> i != columns.key())
            .mapToObj(record::get)
            .toList();
    return others.size() == 1 ? others.getFirst() : FORMAT.format(others.toArray());
  }

  private static CSVRecord record(byte[] line) {
    String text = TextForm.utf8OrNull(line);
    if (text == null) {
      throw DwarfException.invalid("not UTF-8 text");
    }
    try (CSVParser parser = CSVParser.parse(text, FORMAT)) {
      List<CSVRecord> records = parser.getRecords();
      if (records.size() != 1) {
        throw DwarfException.invalid("expected one CSV record, found " + records.size());
      }
      return records.getFirst();
    } catch (IOException | UncheckedIOException e) {
      throw new DwarfException(
          DwarfException.Kind.INVALID_ARGUMENT, "not a CSV record: " + e.getMessage(), e);
    }
  }
}
