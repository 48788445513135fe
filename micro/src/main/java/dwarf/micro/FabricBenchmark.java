package dwarf.micro;

import dwarf.base.DwarfException;
import dwarf.fabric.Access;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Listener;
import dwarf.fabric.Peer;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.Reply;
import dwarf.fabric.ServerHandler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
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

/** One operation at a time, both ends in this process: time per operation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FabricBenchmark {

  private static final int BLOCK_BYTES = 4096;
  private static final int SHARD_BYTES = 1 << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Param({"inproc", "shm", "tcp"})
  public String transport;

  private final MemorySegment request = MemorySegment.ofArray(new byte[64]);
  private Fabric fabric;
  private Listener listener;
  private Connection connection;
  private Arena arena;
  private Region region;
  private RemoteKey key;
  private MemorySegment block;
  private MemorySegment shard;

  @Setup
  public void connect() {
    fabric = Fabrics.open(transport);
    listener =
        fabric.listen(
            transport.equals("tcp")
                ? FabricAddress.parse("tcp://127.0.0.1:0")
                : new FabricAddress(transport, "micro-" + ProcessHandle.current().pid(), 0),
            new Echo());
    connection = fabric.connect(listener.address());
    arena = Arena.ofShared();
    region = fabric.allocate(SHARD_BYTES);
    region.commit(0, SHARD_BYTES);
    key = region.grant(0, SHARD_BYTES, Access.READ_WRITE);
    block = arena.allocate(BLOCK_BYTES);
    shard = arena.allocate(SHARD_BYTES);
  }

  @TearDown
  public void close() {
    connection.close();
    listener.close();
    region.close();
    fabric.close();
    arena.close();
  }

  @Benchmark
  public MemorySegment requestReply() {
    return connection.request(1, request, TIMEOUT).join();
  }

  @Benchmark
  public MemorySegment readBlock() {
    connection.read(key, 0, block, TIMEOUT).join();
    return block;
  }

  /** 1 MiB. */
  @Benchmark
  public MemorySegment writeShard() {
    connection.write(key, 0, shard, TIMEOUT).join();
    return shard;
  }

  /** Answers with what it was asked. */
  private static final class Echo implements ServerHandler {

    @Override
    public void onOpen(Peer peer) {}

    @Override
    public void onRequest(Peer peer, int opcode, MemorySegment payload, Reply reply) {
      if (opcode != 1) {
        reply.fail(DwarfException.invalid("opcode " + opcode + " is not known here"));
      } else {
        reply.ok(payload);
      }
    }

    @Override
    public void onClose(Peer peer) {}
  }
}
