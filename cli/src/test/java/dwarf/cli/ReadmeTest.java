package dwarf.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import dwarf.engine.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is true: its Java is compiled here, its commands and links exist. */
class ReadmeTest {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMMAND = Pattern.compile("\\./dwarf ([a-z-]+)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
  private static final Path SOURCE = Path.of("src/test/java/dwarf/cli/ReadmeTest.java");
  private static final Path README = Path.of("../README.md");

  @TempDir Path directory;

  @Test
  void theEmbeddingSnippetWorks() {
    byte[] key = "key".getBytes(UTF_8);
    byte[] value = "value".getBytes(UTF_8);
    assertThat(embedded(directory.resolve("data").toString(), key, value)).isEqualTo(value);
  }

  @Test
  void snippetsAreTheCodeCompiledHere() throws IOException {
    String source = flat(Files.readString(SOURCE));
    List<String> snippets = matches(JAVA);
    assertThat(snippets).hasSize(2);
    for (String snippet : snippets) {
      assertThat(source).contains(flat(snippet.replace("\"data\"", "data")));
    }
  }

  @Test
  void commandsAndLinksExist() throws IOException {
    for (String command : matches(COMMAND)) {
      boolean ofTheScript = Set.of("build", "test", "micro").contains(command);
      assertThat(ofTheScript || DwarfCli.commands().contains(command)).as(command).isTrue();
    }
    for (String link : matches(LINK)) {
      assertThat(README.resolveSibling(link)).exists();
    }
  }

  private static byte[] embedded(String data, byte[] key, byte[] value) {
    try (DwarfDB db = DwarfDB.open(Path.of(data))) {
      db.put(key, value);
      byte[] read = db.get(key);
      return read;
    }
  }

  /** Compiled only: it needs a machine at that address. */
  static void remote(byte[] key, byte[] value) {
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setMemoryNode("10.0.0.5:7000")
            .setStorageRoot(Path.of("/mnt/shared"))
            .setWriteBufferSize(64 << 20);
    try (DwarfDB db = DwarfDB.open(Path.of("/mnt/shared/data"), options)) {
      db.put(new WriteOptions().setSync(true), key, value);
    }
  }

  private static List<String> matches(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(README)).results().map(ReadmeTest::first).toList();
  }

  private static String first(MatchResult match) {
    return match.group(1);
  }

  /** Without indentation, and without the brace that ends a snippet but not the method here. */
  private static String flat(String code) {
    String lines = String.join("\n", code.lines().map(String::strip).toList());
    return lines.endsWith("\n}") ? lines.substring(0, lines.length() - 2) : lines;
  }
}
