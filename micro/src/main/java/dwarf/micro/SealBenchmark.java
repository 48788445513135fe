package dwarf.micro;

import dwarf.base.Lookup;
import dwarf.memtable.LookupKey;
import dwarf.memtable.MemTable;
import dwarf.memtable.SealPlan;
import dwarf.memtable.ShardIndex;
import dwarf.memtable.ShardReader;
import dwarf.memtable.SlabPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

/** Sealing a memtable, and what is asked of a sealed one: time per entry. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SealBenchmark {

  private static final int SHARDS = 8;

  private final Entries entries = new Entries();
  private final Lookup found = new Lookup();
  private SlabPool pool;
  private MemTable table;
  private Arena arena;
  private MemorySegment target;
  private MemorySegment image;
  private ShardReader reader;

  @Setup
  public void fill() {
    pool = Entries.newPool();
    table = entries.fill(pool);
    arena = Arena.ofShared();
    SealPlan plan = Entries.seal(table, SHARDS);
    long largest = 0;
    for (int shard = 0; shard < plan.shardCount(); shard++) {
      largest = Math.max(largest, plan.imageBytes(shard));
    }
    target = arena.allocate(2 * largest, Long.BYTES);
    SealPlan whole = Entries.seal(table, 1);
    image = arena.allocate(whole.imageBytes(0), Long.BYTES);
    whole.gather(0, image);
    reader =
        new ShardReader(
            ShardIndex.load(ShardReader.over(image), image.byteSize()), ShardReader.over(image));
  }

  @TearDown
  public void release() {
    arena.close();
    table.release();
    pool.close();
  }

  /** Sort (done by an earlier round), cut, and gather all shards. */
  @Benchmark
  @OperationsPerInvocation(Entries.COUNT)
  public long sealAndGather() {
    SealPlan plan = Entries.seal(table, SHARDS);
    long bytes = 0;
    for (int shard = 0; shard < plan.shardCount(); shard++) {
      long size = plan.imageBytes(shard);
      plan.gather(shard, target.asSlice(0, size));
      bytes += size;
    }
    return bytes;
  }

  /** Insert, sort, cut and gather: what one entry costs until it can be shipped. */
  @Benchmark
  @OperationsPerInvocation(Entries.COUNT)
  public long insertSealAndGather() {
    MemTable fresh = entries.fill(pool);
    SealPlan plan = Entries.seal(fresh, SHARDS);
    long bytes = 0;
    for (int shard = 0; shard < plan.shardCount(); shard++) {
      long size = plan.imageBytes(shard);
      plan.gather(shard, target.asSlice(0, size));
      bytes += size;
    }
    fresh.release();
    return bytes;
  }

  @Benchmark
  @OperationsPerInvocation(Entries.COUNT)
  public int filterOfMissingKeys() {
    int maybe = 0;
    for (int i = 0; i < Entries.COUNT; i++) {
      maybe += reader.index().mayContain(LookupKey.of(entries.missing[i])) ? 1 : 0;
    }
    return maybe;
  }

  @Benchmark
  @OperationsPerInvocation(Entries.COUNT)
  public int getFromImage() {
    int hits = 0;
    for (int i = 0; i < Entries.COUNT; i++) {
      hits += reader.get(LookupKey.of(entries.keys[i]), Entries.COUNT, found) ? 1 : 0;
    }
    return hits;
  }

  /** What the memory node does with a shard that has arrived. */
  @Benchmark
  @OperationsPerInvocation(Entries.COUNT)
  public long verify() {
    ShardIndex.verify(image);
    return image.byteSize();
  }
}
