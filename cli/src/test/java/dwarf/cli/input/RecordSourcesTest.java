package dwarf.cli.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.cli.text.TextForm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordSourcesTest {

  private final ByteArrayOutputStream reports = new ByteArrayOutputStream();
  private final BadLines badLines = new BadLines(new PrintStream(reports, true, UTF_8), () -> {});

  @TempDir Path directory;

  @Test
  void tsvTakesTheFirstColumnAndTheRest() {
    InputSpec spec = new InputSpec(InputFormat.TSV, null, null, false, TextForm.PLAIN);
    assertThat(read(spec, "a\t1\r\nb\t2\t3\nc\t")).containsExactly("a=1", "b=2\t3", "c=");
    assertThat(badLines.count()).isZero();
  }

  @Test
  void tsvFindsColumnsByNameOrNumber() {
    InputSpec byName = new InputSpec(InputFormat.TSV, "id", "name", true, TextForm.PLAIN);
    assertThat(read(byName, "name\tid\tage\nAda\t7\t36\n")).containsExactly("7=Ada");
    InputSpec byNumber = new InputSpec(InputFormat.TSV, "2", null, false, TextForm.PLAIN);
    assertThat(read(byNumber, "x\tk\ty\n")).containsExactly("k=x\ty");
    InputSpec numberUnderHeader = new InputSpec(InputFormat.TSV, "2", "1", true, TextForm.PLAIN);
    assertThat(read(numberUnderHeader, "v\tk\nx\ty\n")).containsExactly("y=x");
  }

  @Test
  void everyBadLineIsReportedWithItsNumberAndTheRestIsRead() {
    InputSpec spec = new InputSpec(InputFormat.TSV, "k", null, true, TextForm.ESCAPE);
    assertThat(read(spec, "k\tv\na\t1\nonly\n\nb\t\\q\n\t5\nc\t\\t\n"))
        .containsExactly("a=1", "c=\t");
    assertThat(reports.toString(UTF_8).lines())
        .containsExactly(
            "(standard input):3: 1 columns, but the header has 2",
            "(standard input):4: the line is empty",
            "(standard input):5: unknown escape \\q; known are \\t \\n \\r \\\\ \\xNN",
            "(standard input):6: the key is empty");
    assertThat(badLines.count()).isEqualTo(4);
  }

  @Test
  void aHeaderWithoutTheColumnEndsTheLoad() {
    InputSpec spec = new InputSpec(InputFormat.CSV, "id", null, true, TextForm.PLAIN);
    assertThatThrownBy(() -> read(spec, "name,age\nAda,36\n"))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("no column 'id'")
        .hasMessageContaining("[name, age]");
    InputSpec unnamed = new InputSpec(InputFormat.CSV, "id", null, false, TextForm.PLAIN);
    assertThatThrownBy(() -> read(unnamed, "x")).hasMessageContaining("number from 1");
  }

  @Test
  void csvQuotesMayHoldCommasQuotesAndLines() {
    InputSpec spec = new InputSpec(InputFormat.CSV, "1", null, false, TextForm.PLAIN);
    assertThat(read(spec, "a,\"x, \"\"y\"\"\nz\"\nb,5\" pipe\nc,1,\"2,3\"\n"))
        .containsExactly("a=x, \"y\"\nz", "b=5\" pipe", "c=1,\"2,3\"");
    assertThat(badLines.count()).isZero();
  }

  @Test
  void aBrokenCsvRecordDoesNotEndTheLoad() {
    InputSpec spec = new InputSpec(InputFormat.CSV, "1", "2", false, TextForm.PLAIN);
    assertThat(read(spec, "a,\"x\"y\nb,2\nc,\"open\nd,4\n")).containsExactly("b=2");
    assertThat(reports.toString(UTF_8))
        .contains("(standard input):1: not a CSV record")
        .contains("(standard input):3: a quote opened in this record is not closed by line 4");
  }

  @Test
  void jsonLinesKeepTheWholeObjectUnlessAFieldIsNamed() {
    InputSpec whole = new InputSpec(InputFormat.JSON, "id", null, false, TextForm.PLAIN);
    assertThat(read(whole, "{\"id\": 5, \"v\": [1]}\n"))
        .containsExactly("5={\"id\": 5, \"v\": [1]}");
    InputSpec field = new InputSpec(InputFormat.JSON, "/u/id", "v", false, TextForm.PLAIN);
    assertThat(read(field, "{\"u\":{\"id\":\"x\"},\"v\":[1, 2]}\n")).containsExactly("x=[1,2]");
  }

  @Test
  void badJsonLinesAreReported() {
    InputSpec spec = new InputSpec(InputFormat.JSON, null, null, false, TextForm.PLAIN);
    assertThat(
            read(
                spec,
                "{\"key\":1}\n[1]\n{\"x\":1}\n{\"key\":\n{\"key\":1} 2\n{\"key\":1,\"key\":2}\n"))
        .containsExactly("1={\"key\":1}");
    assertThat(badLines.count()).isEqualTo(5);
    assertThat(reports.toString(UTF_8)).contains(":3: no field 'key'").contains(":6: not JSON");
  }

  @Test
  void filesMayBeCompressedAndKnowTheirSize() throws IOException {
    Path file = directory.resolve("in.tsv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("a\t1\n".getBytes(UTF_8));
    }
    InputSpec spec =
        new InputSpec(InputFormat.ofFile(file.toString()), null, null, false, TextForm.PLAIN);
    try (RecordSource source = RecordSources.open(file, spec, badLines)) {
      assertThat(source.total()).isEqualTo(Files.size(file));
      assertThat(records(source)).containsExactly("a=1");
      assertThat(source.position()).isEqualTo(source.total());
    }
    assertThatThrownBy(() -> RecordSources.open(directory.resolve("no.tsv"), spec, badLines))
        .hasMessageContaining("no.tsv");
    assertThatThrownBy(() -> InputFormat.ofFile("data")).hasMessageContaining("--format");
  }

  @Test
  void aLineBeyondTheBoundIsReadPastAndFlagged() {
    byte[] text = "0123456789\nabc\n".getBytes(UTF_8);
    try (LineReader lines = new LineReader("test", new ByteArrayInputStream(text), 5)) {
      lines.next();
      assertThat(lines.wasTooLong()).isTrue();
      assertThat(new String(lines.next(), UTF_8)).isEqualTo("abc");
      assertThat(lines.wasTooLong()).isFalse();
      assertThat(lines.line()).isEqualTo(2);
      assertThat(lines.next()).isNull();
    }
  }

  private List<String> read(InputSpec spec, String text) {
    ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(UTF_8));
    try (RecordSource source = RecordSources.open(in, spec, badLines)) {
      return records(source);
    }
  }

  private static List<String> records(RecordSource source) {
    List<String> all = new ArrayList<>();
    for (InputRecord r = source.next(); r != null; r = source.next()) {
      all.add(new String(r.key(), UTF_8) + "=" + new String(r.value(), UTF_8));
    }
    return all;
  }
}
