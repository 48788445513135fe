package dwarf.micro;

import dwarf.wal.BatchWriter;
import dwarf.wal.RecoveryMode;
import dwarf.wal.RecoveryOptions;
import dwarf.wal.WalFrame;
import dwarf.wal.WalPosition;
import dwarf.wal.WalRecovery;
import dwarf.wal.WalWriter;
import dwarf.wal.owner.ClaimOptions;
import dwarf.wal.owner.DatabaseDirectory;
import dwarf.wal.owner.Ownership;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One commit group in the log: time per group. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WalBenchmark {

  private static final long SEGMENT_BYTES = 64 << 20;

  /** Records in a group. */
  @Param({"1", "10", "100"})
  public int records;

  private final Entries entries = new Entries();
  private final Map<Integer, Long> flushed = Map.of(0, Long.MAX_VALUE);
  private Path directory;
  private Ownership ownership;
  private WalWriter writer;
  private BatchWriter batch;
  private long sequence;

  @Setup
  public void open() throws IOException {
    directory = ScratchDirectory.create();
    ownership =
        DatabaseDirectory.claim(
            directory.resolve("db"), ClaimOptions.defaults().withCreateIfMissing(true));
    writer =
        WalRecovery.recover(
                ownership,
                new RecoveryOptions(RecoveryMode.DEFAULT, Map.of()),
                (first, count, bytes) -> {})
            .writer();
    batch = new BatchWriter();
    for (int i = 0; i < records; i++) {
      batch.put(0, entries.keys[i], entries.value);
    }
    sequence = 1;
  }

  @TearDown
  public void close() throws IOException {
    writer.close();
    ownership.close();
    ScratchDirectory.delete(directory);
  }

  @Benchmark
  public WalPosition append() {
    WalPosition at = writer.append(WalFrame.of(batch.at(sequence)));
    sequence += records;
    if (writer.currentBytes() > SEGMENT_BYTES) {
      writer.rotate(flushed);
      writer.deleteCovered(flushed, 0);
    }
    return at;
  }

  @Benchmark
  public WalPosition appendAndSync() {
    WalPosition at = append();
    writer.sync();
    return at;
  }
}
