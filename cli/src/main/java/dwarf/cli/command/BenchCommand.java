package dwarf.cli.command;

import dwarf.bench.BenchSession;
import dwarf.bench.flags.BenchFlags;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.evaluate.catalog.Catalog;
import dwarf.evaluate.run.Turns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: db_bench for both engines. */
@Command(
    name = "bench",
    sortOptions = false,
    synopsisHeading = "Usage: dwarf bench [--FLAG=VALUE]...",
    customSynopsis = "",
    description = {
      "RocksDB's db_bench for this engine and, with --engine=rocksdb, for stock"
          + " RocksDB with the same options on the same storage. Flags and benchmarks have"
          + " db_bench's names, defaults and meanings; counts are per thread. A read that"
          + " finds nothing, or a count that is not that of the operations done, fails the"
          + " run.",
      ""
    },
    footer = {
      "",
      "Benchmarks:",
      "  fillseq, fillrandom, fillbatch, fillsync   write into an empty database: in",
      "      key order, at random, 1000 a batch, --num / 1000 synced ones",
      "  overwrite, deleteseq, deleterandom         write into what is there",
      "  readrandom, readmissing, multireadrandom   look keys up, the last one",
      "      --batch_size at a time",
      "  readseq, readreverse, seekrandom           scan; --seek_nexts after a seek",
      "  readwhilewriting        look up while one more thread writes",
      "  readrandomwriterandom   look up and write in turn, see --readwritepercent",
      "  flush, compact, waitforcompaction          between benchmarks, not measured",
      "",
      "Examples:",
      "  dwarf bench --benchmarks=fillrandom,readrandom --num=1000000 --threads=4",
      "  dwarf bench --benchmarks=fillrandom[X3] --engine=rocksdb --json=rocks.json",
      "  dwarf bench --benchmarks=fillrandom[X3] --compare=rocks.json",
      "  dwarf bench --benchmarks=fillseq,readwhilewriting --duration=30 \\",
      "      --ops_per_sec=20000 --histogram        latency at a given rate",
      "  dwarf bench --suite=speed                  our goals against RocksDB",
      "  dwarf bench --db=/mnt/shared/b --storage_root=/mnt/shared \\",
      "      --memory_node=10.0.0.5:7000            with memory of another machine",
      "",
      "Give the same --seed to two runs that are to touch the same keys. --compare"
          + " judges noise by the spread of three or more rounds ([X3]), otherwise by how"
          + " throughput varied within each run, and then takes at least 10 %%. A database in"
          + " --db is emptied only if this command made it."
    })
public final class BenchCommand implements Callable<Integer> {

  private final Io io;

  @Mixin private BenchFlags flags;

  @Option(
      names = "--suite",
      paramLabel = "speed",
      description =
          "Instead of --benchmarks: run what this project has goals for, both engines in turn, and"
              + " print ratios and goals. Of the other flags only --json applies.")
  private String suite;

  @Option(
      names = "--suite_rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Turns of each engine in a suite, at most (default ${DEFAULT-VALUE}).")
  private int suiteRounds;

  @Option(
      names = "--suite_minutes",
      paramLabel = "N",
      defaultValue = "19",
      description =
          "Turns that would make a suite longer are left out, but for the first of each row"
              + " (default ${DEFAULT-VALUE}).")
  private int suiteMinutes;

  @Spec private CommandSpec spec;

  public BenchCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (suite != null) {
      return runSuite();
    }
    boolean fine = new BenchSession(flags, io.in(), io.out(), io.err(), io.live()).run();
    io.out().flush();
    return fine ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private int runSuite() {
    if (!suite.equals("speed")) {
      throw new ParameterException(
          spec.commandLine(), "--suite=" + suite + ": there is one suite, speed");
    }
    if (suiteRounds < 1 || suiteRounds > 100) {
      throw new ParameterException(
          spec.commandLine(), "--suite_rounds=" + suiteRounds + ": 1 to 100");
    }
    if (suiteMinutes < 0) {
      throw new ParameterException(
          spec.commandLine(), "--suite_minutes=" + suiteMinutes + ": 0 or more");
    }
    Path working = Path.of(System.getProperty("java.io.tmpdir"), "dwarf-speed");
    Turns turns = new Turns(suiteRounds, Duration.ofMinutes(suiteMinutes));
    SpeedSuite speed = new SpeedSuite(io, Catalog.speed(), turns);
    return speed.run(working, flags.output().json()) ? ExitCodes.OK : ExitCodes.FAILED;
  }
}
