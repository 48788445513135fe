package dwarf.cli.train;

import dwarf.bench.BenchSession;
import dwarf.bench.flags.BenchFlags;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Benchmarks that pass through everything a database does often: writes past the log and through
 * it, alone and in batches, with memtables that fill, travel and are flushed all the time; then
 * reads of what lies in memory, and again when it has been compacted.
 */
final class TrainingLoad {

  private static final String READS = "readrandom,seekrandom,";

  private static final String FEW = "fillrandom[disable_wal=1]," + READS;

  private static final String ALL =
      "fillrandom[X2-disable_wal=1],"
          + READS
          + "fillrandom[batch_size=100],fillrandom,compact,"
          + READS
          + "readwhilewriting";

  private final Path directory;
  private final int seconds;

  /**
   * @param directory where databases lie meanwhile
   * @param seconds of each benchmark
   */
  TrainingLoad(Path directory, int seconds) {
    this.directory = directory;
    this.seconds = seconds;
  }

  /** On a database called {@code name}, with flags of {@code bench} that say where it is. */
  void all(String name, Map<String, String> where) {
    run(name, where, ALL);
  }

  /** Only what differs from other places. */
  void few(String name, Map<String, String> where) {
    run(name, where, FEW);
  }

  private void run(String name, Map<String, String> where, String benchmarks) {
    Map<String, String> flags = new HashMap<>(where);
    flags.put("benchmarks", benchmarks);
    flags.put("db", directory.resolve(name).toString());
    flags.put("num", "500000");
    flags.put("threads", "4");
    flags.put("seed", "1");
    flags.put("duration", Integer.toString(seconds));
    flags.put("write_buffer_size", "8M");
    flags.put("bloom_bits", "10");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    new BenchSession(BenchFlags.of(flags), InputStream.nullInputStream(), nowhere, nowhere, false)
        .run();
  }
}
