package dwarf.micro;

import dwarf.base.Lookup;
import dwarf.memtable.MemTable;
import dwarf.memtable.SlabPool;
import dwarf.memtable.VersionedCursor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The active memtable: time per entry. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemtableBenchmark {

  private final Entries entries = new Entries();
  private final Lookup found = new Lookup();
  private SlabPool pool;
  private MemTable table;

  @Setup
  public void fill() {
    pool = Entries.newPool();
    table = entries.fill(pool);
  }

  @TearDown
  public void release() {
    table.release();
    pool.close();
  }

  /** Into an empty memtable, whose memory is reused. */
  @Benchmark
  @OperationsPerInvocation(Entries.COUNT)
  public long insert() {
    MemTable fresh = entries.fill(pool);
    long bytes = fresh.logBytes();
    fresh.release();
    return bytes;
  }

  @Benchmark
  @OperationsPerInvocation(Entries.COUNT)
  public int getHit() {
    int hits = 0;
    for (int i = 0; i < Entries.COUNT; i++) {
      hits += table.get(entries.keys[i], Entries.COUNT, found) ? 1 : 0;
    }
    return hits;
  }

  @Benchmark
  @OperationsPerInvocation(Entries.COUNT)
  public int getMiss() {
    int hits = 0;
    for (int i = 0; i < Entries.COUNT; i++) {
      hits += table.get(entries.missing[i], Entries.COUNT, found) ? 1 : 0;
    }
    return hits;
  }

  /** A walk over a memtable that has been ordered before. */
  @Benchmark
  @OperationsPerInvocation(Entries.COUNT)
  public long walk() {
    long bytes = 0;
    try (VersionedCursor cursor = table.cursor()) {
      for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
        bytes += cursor.value().byteSize();
      }
    }
    return bytes;
  }
}
