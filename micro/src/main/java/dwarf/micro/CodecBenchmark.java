package dwarf.micro;

import dwarf.base.Checksums;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import dwarf.protocol.GetRequest;
import dwarf.protocol.ShardHandle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Messages and checksums. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {

  private static final int BLOCK_BYTES = 4096;

  private final GetRequest request =
      new GetRequest(
          new UUID(1, 2),
          3,
          4,
          List.of(new ShardHandle(5, 6), new ShardHandle(7, 8)),
          new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
  private final MemorySegment encoded = encode();
  private final MemorySegment block = Arena.ofAuto().allocate(BLOCK_BYTES);

  private MemorySegment encode() {
    WireWriter out = new WireWriter();
    request.encode(out);
    return out.segment();
  }

  @Benchmark
  public MemorySegment encodeGet() {
    return encode();
  }

  @Benchmark
  public GetRequest decodeGet() {
    return GetRequest.decode(new WireReader("get request", encoded));
  }

  @Benchmark
  public int checksumOfBlock() {
    return Checksums.crc32c(block);
  }
}
