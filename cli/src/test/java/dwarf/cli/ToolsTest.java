package dwarf.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools on a database of the embedded kind. */
class ToolsTest {

  @TempDir Path directory;
  private Path db;

  @BeforeEach
  void nameDatabase() {
    db = directory.resolve("db");
  }

  @Test
  void putGetDelete() {
    assertThat(CliRun.of("put", db, "k", "v", "--create-if-missing"))
        .isEqualTo(new CliRun(ExitCodes.OK, "", ""));
    assertThat(CliRun.of("get", db, "k")).isEqualTo(new CliRun(ExitCodes.OK, "v\n", ""));
    assertThat(CliRun.of("get", "--db", db, "k", "--raw").out()).isEqualTo("v");
    assertThat(CliRun.of("get", db, "--hex", "6b").out()).isEqualTo("76\n");
    assertThat(CliRun.of("get", db, "none")).isEqualTo(new CliRun(ExitCodes.FAILED, "", ""));
    assertThat(CliRun.of("delete", db, "k", "never").status()).isZero();
    assertThat(CliRun.of("get", db, "k")).isEqualTo(new CliRun(ExitCodes.FAILED, "", ""));
  }

  @Test
  void putReadsTheValueFromStandardInput() {
    assertThat(CliRun.withInput("a\nb\t", "put", db, "k", "--create-if-missing").status()).isZero();
    assertThat(CliRun.of("get", db, "k", "--raw").out()).isEqualTo("a\nb\t");
    assertThat(CliRun.of("get", db, "k", "--escape").out()).isEqualTo("a\\nb\\t\n");
  }

  @Test
  void scanHasBoundsLimitDirectionAndEscapes() {
    CliRun load =
        CliRun.withInput(
            "a\t1\nb\tx\\ty\nc\t3\nd\t4\n", "load", db, "--format", "tsv", "--escape", "-");
    assertThat(load.status()).as(load.err()).isZero();
    assertThat(CliRun.of("scan", db).out()).isEqualTo("a\t1\nb\tx\\ty\nc\t3\nd\t4\n");
    assertThat(CliRun.of("scan", db, "--from", "b", "--to", "d", "--keys-only").out())
        .isEqualTo("b\nc\n");
    assertThat(CliRun.of("scan", db, "--reverse", "--limit", "2").out()).isEqualTo("d\t4\nc\t3\n");
    assertThat(CliRun.of("scan", db, "--hex", "--limit", "1").out()).isEqualTo("61\t31\n");
  }

  @Test
  void loadReportsBadLinesAndFailsUnlessToldOtherwise() throws IOException {
    Path file = directory.resolve("in.csv");
    Files.writeString(file, "id,name\n1,Ada\nbroken\n2,Grace\n", UTF_8);
    CliRun strict = CliRun.of("load", db, file, "--header", "--key", "id");
    assertThat(strict.status()).isEqualTo(ExitCodes.FAILED);
    assertThat(strict.err()).contains(file + ":3: 1 columns, but the header has 2");
    assertThat(strict.out()).contains("loaded 2 entries").contains("1 bad lines");
    assertThat(CliRun.of("get", db, "2").out()).isEqualTo("Grace\n");

    CliRun lenient = CliRun.of("load", db, file, "--header", "--skip-bad-lines");
    assertThat(lenient.status()).isZero();
  }

  @Test
  void loadTellsWhereTheDataIs() {
    CliRun run = CliRun.withInput("{\"key\":\"a\"}\n", "load", db, "--format", "json", "-");
    assertThat(run.out())
        .contains("loaded 1 entries")
        .contains("local memory [")
        .contains("memory node  [")
        .contains("SST files    [")
        .contains("resident");
    assertThat(CliRun.of("load", db).err()).contains("--format");
    assertThat(CliRun.of("load", db, directory.resolve("no.tsv")).err()).contains("no.tsv");
  }

  @Test
  void statsAreATableOrJson() throws IOException {
    CliRun.of("put", db, "k", "v", "--create-if-missing");
    assertThat(CliRun.of("stats", db, "--all").out()).contains("memory.local.bytes");
    JsonNode json = new JsonMapper().readTree(CliRun.of("stats", db, "--json").out());
    assertThat(json.has("memory.local.bytes")).isTrue();
    assertThat(json.path("sequence").asLong()).isPositive();
  }

  @Test
  void inspectTellsWhatADatabaseHoldsAndFindsDamage() throws IOException {
    CliRun.of("put", db, "k", "v", "--create-if-missing");
    CliRun whole = CliRun.of("inspect", db);
    assertThat(whole.status()).as(whole.out() + whole.err()).isZero();
    assertThat(whole.out()).contains("owner: epoch 1, CLOSED").contains("families: default");

    Path wal = db.resolve("dwarf/epochs/1/wal");
    Path segment = wal.resolve("00000000000000000001.log");
    assertThat(CliRun.of("inspect", segment).out()).contains("log segment of epoch 1");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[40] ^= 1;
    Files.write(segment, bytes);
    CliRun damaged = CliRun.of("inspect", wal);
    assertThat(damaged.status()).isEqualTo(ExitCodes.FAILED);
    assertThat(damaged.out()).contains("DAMAGED");
    assertThat(CliRun.of("inspect", db.resolve("nothing")).err()).contains("there is no");
  }
}
