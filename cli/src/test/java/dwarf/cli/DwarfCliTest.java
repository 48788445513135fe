package dwarf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DwarfCliTest {

  @TempDir Path directory;

  @Test
  void wrongUsageIsOneLineAndStatusTwo() {
    CliRun unknown = CliRun.of("frobnicate");
    assertThat(unknown.status()).isEqualTo(ExitCodes.USAGE);
    assertThat(unknown.err().lines()).hasSize(1);
    assertThat(unknown.err()).contains("frobnicate").contains("--help");

    CliRun badSize = CliRun.of("scan", directory, "--write-buffer-size", "12X");
    assertThat(badSize.status()).isEqualTo(ExitCodes.USAGE);
    assertThat(badSize.err().lines()).hasSize(1);
    assertThat(badSize.err()).contains("'12X'").contains("unknown unit 'X'");

    CliRun noDatabase = CliRun.of("get");
    assertThat(noDatabase.status()).isEqualTo(ExitCodes.USAGE);
    assertThat(noDatabase.err()).contains("no database");

    CliRun tooLong = CliRun.of("train", "--seconds", "61");
    assertThat(tooLong.status()).isEqualTo(ExitCodes.USAGE);
    assertThat(tooLong.err()).contains("--seconds=61: 1 to 60");

    assertThat(CliRun.of("get", directory, "a", "b").status()).isEqualTo(ExitCodes.USAGE);
    assertThat(CliRun.of("get", directory, "00", "--hex", "--escape").status())
        .isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void everyCommandTeachesWithExamples() {
    CommandLine cli = DwarfCli.commandLine(silent());
    cli.getSubcommands()
        .forEach(
            (name, command) -> {
              boolean own =
                  !name.equals("help") && !command.getCommandSpec().usageMessage().hidden();
              if (own) {
                String help = command.getUsageMessage();
                assertThat(help).as(name).contains("Example").contains("dwarf " + name);
                CliRun asked = CliRun.of(name, "--help");
                assertThat(asked.status()).as(name).isEqualTo(ExitCodes.OK);
                assertThat(asked.out()).as(name).contains("dwarf " + name);
              }
            });
    assertThat(cli.getUsageMessage()).contains("Exit status").contains("test ");
  }

  @Test
  void commandsAreListedWithOneSentenceEach() {
    String help = DwarfCli.commandLine(silent()).setUsageHelpWidth(80).getUsageMessage();
    assertThat(help.lines())
        .contains("  memory-node   Lend memory of this machine.")
        .contains("  get           Print the value of a key.");
    assertThat(help).doesNotContain("fabric-bench-part").doesNotContain("train");
  }

  @Test
  void failuresAreOneLineWithoutAStackTrace() {
    CliRun run = CliRun.of("get", directory.resolve("none"), "key");
    assertThat(run.status()).isEqualTo(ExitCodes.FAILED);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("dwarf get: ").contains("none");

    CliRun verbose = CliRun.of("get", directory.resolve("none"), "key", "--verbose");
    assertThat(verbose.err()).contains("\tat dwarf.");
  }

  private static Io silent() {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return new Io(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false);
  }
}
