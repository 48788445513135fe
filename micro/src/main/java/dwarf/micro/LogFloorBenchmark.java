package dwarf.micro;

import dwarf.wal.io.DiskFile;
import dwarf.wal.io.NativeDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What no log can beat that makes one system call for each write: that call, to one file, and
 * nothing else; what no log can beat that makes each write durable by itself; and how far writers
 * get that share their syncs and do nothing else. With {@code -t 4} by four threads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class LogFloorBenchmark {

  /** A key of 16 and a value of 100 bytes in a frame of their own. */
  private static final int RECORD_BYTES = 160;

  /** Of a group. */
  private static final int MOST_RECORDS = 64;

  /** Then from the start again. */
  private static final long FILE_BYTES = 256L << 20;

  private final AtomicLong end = new AtomicLong();
  private Path directory;
  private Arena arena;
  private MemorySegment record;
  private DiskFile file;
  private final SyncGroups groups = new SyncGroups(this::sync);

  @Setup
  public void create() throws IOException {
    directory = ScratchDirectory.create();
    arena = Arena.ofShared();
    record = arena.allocate(MOST_RECORDS * RECORD_BYTES).fill((byte) 7);
    file = NativeDisk.INSTANCE.create(directory.resolve("floor.log"));
    file.extend(FILE_BYTES);
    file.sync();
  }

  @TearDown
  public void remove() throws IOException {
    file.close();
    arena.close();
    ScratchDirectory.delete(directory);
  }

  @Benchmark
  public void writeEach() throws IOException {
    write(1);
  }

  @Benchmark
  public void syncEach() throws IOException {
    sync(1);
  }

  @Benchmark
  public void syncTogether() throws IOException {
    groups.add();
  }

  private void sync(int records) throws IOException {
    write(records);
    file.sync();
  }

  private void write(int records) throws IOException {
    long bytes = (long) records * RECORD_BYTES;
    file.write(record.asSlice(0, bytes), end.getAndAdd(bytes) % FILE_BYTES);
  }
}
