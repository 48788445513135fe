package dwarf.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.input.BadLines;
import dwarf.engine.ColumnFamilyDescriptor;
import dwarf.engine.ColumnFamilyHandle;
import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conversation between demo and engine, on an embedded database. */
class EngineServerTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path directory;

  @Test
  void loadsComparesAndScans() throws IOException {
    Path file = directory.resolve("in.tsv");
    Files.writeString(file, "b\t1\na\t2\nb\t3\nc\t4\n");
    List<JsonNode> answers =
        talk(
            file,
            "{\"op\":\"load\",\"from\":0,\"to\":3}",
            "{\"op\":\"verify\",\"from\":0,\"to\":3}",
            "{\"op\":\"scan\",\"to\":3}",
            "{\"op\":\"verify\",\"from\":0,\"to\":4}",
            "{\"op\":\"scan\",\"to\":4}",
            "{\"op\":\"nonsense\"}");

    assertThat(answers.get(0).at("/result/recoveryMillis").asLong()).isEqualTo(7);
    assertThat(answers.get(1).at("/result/records").asInt()).isEqualTo(3);
    assertThat(answers.get(1).at("/result/statistics").isEmpty()).isFalse();
    assertThat(answers.get(2).at("/result/verified").asInt()).isEqualTo(2);
    assertThat(answers.get(2).at("/result/lost").asInt()).isZero();
    assertThat(answers.get(3).at("/result/matches").asBoolean()).isTrue();
    assertThat(answers.get(4).at("/result/lost").asInt()).isOne();
    assertThat(answers.get(4).at("/result/firstLost").asText()).isEqualTo("c is missing");
    assertThat(answers.get(5).at("/result/matches").asBoolean()).isFalse();
    assertThat(answers.get(6).at("/error/kind").asText()).isEqualTo("INVALID_ARGUMENT");
  }

  private List<JsonNode> talk(Path file, String... requests) throws IOException {
    DemoInput input = new DemoInput(file, 1000, 1 << 20);
    InputFacts facts = InputFacts.of(input, new BadLines(System.err, () -> {}));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String lines = String.join("\n", requests);
    try (OpenDatabase open = open()) {
      new EngineServer(open, input, facts, new PrintStream(out, true, UTF_8))
          .serve(new ByteArrayInputStream(lines.getBytes(UTF_8)), 7);
    }
    List<JsonNode> answers = new ArrayList<>();
    for (String line : out.toString(UTF_8).lines().toList()) {
      JsonNode answer = JSON.readTree(line);
      if (!answer.has("progress")) {
        answers.add(answer);
      }
    }
    return answers;
  }

  private OpenDatabase open() {
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    Path path = directory.resolve("db");
    DwarfDB db =
        DwarfDB.open(
            path,
            new Options().setCreateIfMissing(true),
            List.of(new ColumnFamilyDescriptor("default".getBytes(UTF_8))),
            handles);
    return new OpenDatabase(db, handles.getFirst(), path);
  }
}
