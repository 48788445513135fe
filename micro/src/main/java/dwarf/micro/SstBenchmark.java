package dwarf.micro;

import dwarf.storage.RocksOptions;
import dwarf.storage.SstStore;
import dwarf.storage.SstSummary;
import dwarf.storage.SstWriter;
import dwarf.storage.StoreOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Building and installing SST files, on the disk of the working directory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SstBenchmark {

  private static final int SMALL = 100;

  private final Entries entries = new Entries();
  private Path directory;
  private SstStore store;
  private int files;

  @Setup(Level.Iteration)
  public void open() throws IOException {
    directory = ScratchDirectory.create();
    store =
        SstStore.open(
            directory.resolve("rocks"),
            StoreOptions.createIfMissing(RocksOptions.parse("", "disable_auto_compactions=true")));
  }

  @TearDown(Level.Iteration)
  public void close() throws IOException {
    store.close();
    ScratchDirectory.delete(directory);
  }

  private SstSummary build(int count) {
    Path file = directory.resolve("file" + files++);
    MemorySegment key = MemorySegment.ofArray(new byte[Long.BYTES]);
    try (SstWriter writer = store.openWriter(0, file)) {
      for (int i = 0; i < count; i++) {
        key.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, Long.reverseBytes(i));
        writer.put(key, entries.value);
      }
      return writer.finish();
    }
  }

  /** 100,000 entries in key order. */
  @Benchmark
  public SstSummary buildFile() throws IOException {
    SstSummary built = build(Entries.COUNT);
    Files.delete(built.file());
    return built;
  }

  /** A file of 100 entries, built and ingested: what an install costs besides its data. */
  @Benchmark
  public SstSummary installSmallFile() {
    SstSummary built = build(SMALL);
    store.ingest(0, List.of(built.file()));
    return built;
  }
}
