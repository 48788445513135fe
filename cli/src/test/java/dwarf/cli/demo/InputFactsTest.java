package dwarf.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.cli.input.BadLines;
import dwarf.cli.input.InputRecord;
import dwarf.cli.input.RecordSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFactsTest {

  private final BadLines badLines =
      new BadLines(
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), () -> {});

  @TempDir Path directory;

  @Test
  void theLastRecordOfAKeyCounts() throws IOException {
    Path file = directory.resolve("in.tsv");
    Files.writeString(file, "a\t1\nb\t2\na\t3\nbroken\nc\t4\n");
    InputFacts facts = InputFacts.of(new DemoInput(file, 100, 1000), badLines);

    assertThat(facts.records()).isEqualTo(4);
    assertThat(facts.entries()).isEqualTo(3);
    assertThat(facts.bytes()).isEqualTo(8);
    assertThat(facts.last().stream()).containsExactly(1, 2, 3);
    assertThat(badLines.count()).isOne();
  }

  @Test
  void theInputIsBoundedByEntriesAndBytes() throws IOException {
    Path file = directory.resolve("in.tsv");
    Files.writeString(file, "a\t1\nb\t2\nc\t3\n");
    assertThat(InputFacts.of(new DemoInput(file, 2, 1000), badLines).records()).isEqualTo(2);
    assertThat(InputFacts.of(new DemoInput(file, 100, 5), badLines).records()).isEqualTo(2);
  }

  @Test
  void theClassLibraryIsReadInTheSameOrderEveryTime() {
    DemoInput input = new DemoInput(null, 200, 1 << 30);
    try (RecordSource one = input.open(badLines);
        RecordSource two = input.open(badLines)) {
      for (InputRecord a = one.next(); a != null; a = one.next()) {
        InputRecord b = two.next();
        assertThat(b.key()).isEqualTo(a.key());
        assertThat(b.value()).isEqualTo(a.value());
      }
      assertThat(one.position()).isPositive();
    }
  }
}
