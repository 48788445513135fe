package dwarf.micro;

import dwarf.wal.BatchCodec;
import dwarf.wal.BatchWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The bytes of a write batch of a hundred records: time per record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(BatchBenchmark.RECORDS)
public class BatchBenchmark {

  static final int RECORDS = 100;

  private final Entries entries = new Entries();
  private final byte[][] keys = new byte[RECORDS][];
  private final byte[] value = entries.value.toArray(ValueLayout.JAVA_BYTE);
  private final BatchWriter written = new BatchWriter();
  private final BatchWriter batch = new BatchWriter();

  @Setup
  public void fill() {
    for (int i = 0; i < RECORDS; i++) {
      keys[i] = entries.keys[i].toArray(ValueLayout.JAVA_BYTE);
      batch.put(0, keys[i], value);
    }
  }

  @Benchmark
  public int encodeArrays() {
    written.clear();
    for (byte[] key : keys) {
      written.put(0, key, value);
    }
    return written.byteSize();
  }

  @Benchmark
  public int encodeSegments() {
    written.clear();
    for (int i = 0; i < RECORDS; i++) {
      written.put(0, entries.keys[i], entries.value);
    }
    return written.byteSize();
  }

  @Benchmark
  public int decode(Blackhole seen) {
    MemorySegment bytes = batch.segment();
    return BatchCodec.forEach(
        bytes,
        (type, family, key, value) -> {
          seen.consume(key);
          seen.consume(value);
        });
  }
}
