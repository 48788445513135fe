package dwarf.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What no memtable can beat whose records lie in the order of writing: the loads that miss the
 * caches, and the copy of the value, with nothing else. As much memory as 500,000 entries take, and
 * their index. With {@code -t 4} by four threads.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MemoryFloorBenchmark {

  private static final int ENTRIES = 500_000;
  private static final int RECORD_BYTES = 152;
  private static final int VALUE_BYTES = 100;
  private static final int VALUE_AT = 44;
  private static final int SLOTS = 1 << 20;
  private static final int RANGE = 100;

  /** What all threads read. */
  @State(Scope.Benchmark)
  public static class Memory {
    private Arena arena;
    private MemorySegment records;

    /** Where the entry lies, for each slot. */
    private MemorySegment index;

    @Setup
    public void fill() {
      arena = Arena.ofShared();
      records = arena.allocate((long) ENTRIES * RECORD_BYTES, Long.BYTES).fill((byte) 7);
      index = arena.allocate((long) SLOTS * Integer.BYTES, Long.BYTES);
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < SLOTS; i++) {
        index.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(ENTRIES));
      }
    }

    @TearDown
    public void free() {
      arena.close();
    }

    /** The place of the record in a slot. */
    private long record(int slot) {
      return (long) index.getAtIndex(ValueLayout.JAVA_INT, slot) * RECORD_BYTES;
    }
  }

  /** A thread's own. */
  @State(Scope.Thread)
  public static class Reader {
    private final SplittableRandom random = new SplittableRandom();
    private final byte[] value = new byte[VALUE_BYTES];
  }

  /** A get: the slot, then the record, then a value of the caller's own. */
  @Benchmark
  public byte[] get(Memory memory, Reader reader) {
    long at = memory.record(reader.random.nextInt(SLOTS)) + VALUE_AT;
    return memory.records.asSlice(at, VALUE_BYTES).toArray(ValueLayout.JAVA_BYTE);
  }

  /** 100 rows, each somewhere else; where they are is known without a search. */
  @Benchmark
  public void rangeOfHundred(Memory memory, Reader reader, Blackhole used) {
    int first = reader.random.nextInt(SLOTS - RANGE);
    for (int i = first; i < first + RANGE; i++) {
      long at = memory.record(i) + VALUE_AT;
      MemorySegment.copy(memory.records, ValueLayout.JAVA_BYTE, at, reader.value, 0, VALUE_BYTES);
      used.consume(reader.value);
    }
  }
}
