package dwarf.cli.demo;

import dwarf.cli.db.SizeConverter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What to load; the demo hands the same options on to its engine. */
public final class InputArgs {

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "TSV file to load, the first column is the key. Default: the classes and resources of"
              + " this JDK.")
  private Path file;

  @Option(
      names = "--max-entries",
      paramLabel = "N",
      description = "Load at most so many entries (default 60000, or 2000000 of a file).")
  private Long maxEntries;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Load at most so many bytes (default 200MB, or 2GB of a file).")
  private Long maxBytes;

  DemoInput input() {
    long entries = maxEntries != null ? maxEntries : file == null ? 60_000 : 2_000_000;
    long bytes = maxBytes != null ? maxBytes : file == null ? 200_000_000L : 2_000_000_000L;
    return new DemoInput(file, entries, bytes);
  }

  /** These options, for another command line. */
  List<String> arguments() {
    DemoInput input = input();
    List<String> arguments = new ArrayList<>();
    if (file != null) {
      arguments.addAll(List.of("--input", file.toAbsolutePath().toString()));
    }
    arguments.addAll(List.of("--max-entries", Long.toString(input.maxEntries())));
    arguments.addAll(List.of("--max-bytes", Long.toString(input.maxBytes())));
    return arguments;
  }
}
