package dwarf.cli.demo;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dwarf.base.ByteSize;
import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.cli.DwarfCli;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.cli.input.BadLines;
import dwarf.cli.text.Bar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: everything once, on this machine. */
@Command(
    name = "demo",
    description =
        "Show DwaRF-LSM at work on this machine: starts a memory node, two workers and an engine"
            + " as processes of their own, loads real data, reads it back by every path, kills"
            + " the engine and the memory node with kill -9, and compares every value with the"
            + " input. Takes about two minutes and cleans up after itself; exit status 0 only if"
            + " nothing was lost.",
    footer = {
      "",
      "Examples:",
      "  dwarf demo",
      "  dwarf demo --input pairs.tsv --json result.json",
      "  dwarf demo --fabric ucx"
    })
public final class DemoCommand implements Callable<Integer> {

  private final Io io;

  @Mixin private InputArgs input;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result to FILE as JSON.")
  private Path json;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Work in DIR instead of the system's directory for temporary files.")
  private Path directory;

  @Option(
      names = "--fabric",
      paramLabel = "TRANSPORT",
      defaultValue = "tcp",
      description =
          "What carries everything between the processes: ${COMPLETION-CANDIDATES} (default"
              + " ${DEFAULT-VALUE}). ucx needs the package libucx0.")
  private DemoCluster.Transport transport;

  @Option(names = "--keep", description = "Keep database and logs afterwards.")
  private boolean keep;

  @Option(names = "--write-buffer-size", paramLabel = "SIZE", defaultValue = "6MiB", hidden = true)
  private String writeBufferSize;

  @Option(names = "--pool", paramLabel = "SIZE", defaultValue = "128MiB", hidden = true)
  private String poolSize;

  public DemoCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    long start = Clock.SYSTEM.nanoTime();
    LivePicture picture = new LivePicture(io.out(), io.live(), Clock.SYSTEM);
    DemoInput records = input.input();
    InputFacts facts = InputFacts.of(records, new BadLines(io.err(), () -> {}));
    picture.say(
        "Input: %s, %s entries, %s"
            .formatted(
                records.describe(), Bar.count(facts.entries()), ByteSize.show(facts.bytes())));
    Path work = workDirectory();
    DemoCluster.Layout layout =
        new DemoCluster.Layout(work, transport, poolSize, writeBufferSize, input.arguments());
    DemoReport report;
    try (DemoCluster cluster = new DemoCluster(DwarfCli.class, layout)) {
      report = new Demo(cluster, picture, facts).run();
    } catch (DwarfException e) {
      throw new DwarfException(
          e.kind(), e.getMessage() + " (everything is kept in " + work + ")", e);
    }
    return conclude(report, work, (Clock.SYSTEM.nanoTime() - start) / 1e9);
  }

  private int conclude(DemoReport report, Path work, double seconds) {
    DemoSummary.lines(report, seconds).forEach(io.out()::println);
    if (json != null) {
      write(report);
    }
    List<String> failures = report.failures();
    failures.forEach(failure -> io.out().println("FAILED: " + failure));
    if (failures.isEmpty() && !keep) {
      delete(work);
    } else {
      io.out().println("Database and logs are in " + work);
    }
    io.out().flush();
    return failures.isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private Path workDirectory() {
    try {
      if (directory == null) {
        return Files.createTempDirectory("dwarf-demo-");
      }
      Files.createDirectories(directory);
      return Files.createTempDirectory(directory, "dwarf-demo-").toAbsolutePath();
    } catch (IOException e) {
      throw DwarfException.io("cannot make a directory to work in: " + e, e);
    }
  }

  private void write(DemoReport report) {
    try {
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build()
          .writeValue(json.toFile(), report.toJson());
    } catch (IOException e) {
      throw DwarfException.io("cannot write the result to " + json + ": " + e, e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new DwarfException(
          DwarfException.Kind.IO_ERROR, "cannot clean up " + directory + ": " + e, e);
    }
  }
}
