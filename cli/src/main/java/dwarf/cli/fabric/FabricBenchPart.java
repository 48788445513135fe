package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.fabric.Access;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Listener;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.Reply;
import dwarf.process.Lifetime;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code fabric-bench-part}: one of the two processes of a measurement. Without an address it
 * serves, or does both sides if the transport does not leave the process; with one it measures. The
 * memory is one grant, as a memory node gives it: a shard, and room to write behind it.
 */
@Command(
    name = FabricBenchPart.NAME,
    hidden = true,
    description = "One of the processes of fabric-bench.")
public final class FabricBenchPart implements Callable<Integer> {

  static final String NAME = "fabric-bench-part";
  static final int REQUEST_BYTES = 64;
  static final int REPLY_BYTES = 128;
  static final int READ_BYTES = 4 << 10;
  static final int WRITE_BYTES = 16 << 20;

  private static final int ASK = 1;
  private static final int ASK_PROCESSOR_TIME = 2;
  private static final int ASK_SHARD_BYTES = 3;
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Io io;

  @Option(names = "--scheme", required = true)
  private String scheme;

  @Option(names = "--there")
  private String there;

  @Mixin private Times times;

  public FabricBenchPart(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (there != null) {
      int space = there.indexOf(' ');
      byte[] key = HexFormat.of().parseHex(there.substring(space + 1));
      try (Fabric fabric = Fabrics.open(scheme)) {
        measure(fabric, FabricAddress.parse(there.substring(0, space)), new RemoteKey(key));
      }
    } else {
      serve();
    }
    return ExitCodes.OK;
  }

  private void serve() {
    boolean inProcess = scheme.equals(FabricAddress.INPROC);
    int bytes = SampleShard.MOST_BYTES + WRITE_BYTES;
    try (Lifetime life = new Lifetime(true);
        Fabric fabric = Fabrics.open(scheme);
        Region region = fabric.allocate(bytes)) {
      region.commit(0, bytes);
      long shardBytes = SampleShard.write(region.memory());
      MemorySegment reply = MemorySegment.ofArray(new byte[REPLY_BYTES]);
      FabricAddress address =
          inProcess
              ? FabricAddress.inproc("fabric-bench")
              : new FabricAddress(scheme, "127.0.0.1", 0);
      Listener listener =
          fabric.listen(
              address,
              (peer, opcode, payload, answer) -> {
                switch (opcode) {
                  case ASK_PROCESSOR_TIME -> tell(answer, processorNanos());
                  case ASK_SHARD_BYTES -> tell(answer, shardBytes);
                  default -> answer.ok(reply);
                }
              });
      RemoteKey key = region.grant(0, bytes, Access.READ_WRITE);
      if (inProcess) {
        measure(fabric, listener.address(), key);
      } else {
        io.say(listener.address() + " " + HexFormat.of().formatHex(key.bytes()));
        life.run(listener);
      }
    }
  }

  private static void tell(Reply answer, long number) {
    answer.ok(MemorySegment.ofArray(new long[] {number}));
  }

  private static long processorNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  private void measure(Fabric fabric, FabricAddress address, RemoteKey key) {
    Measurement measurement = new Measurement(times);
    ObjectNode results = JsonNodeFactory.instance.objectNode();
    try (Connection connection = fabric.connect(address);
        Arena arena = Arena.ofShared()) {
      MemorySegment message = MemorySegment.ofArray(new byte[REQUEST_BYTES]);
      MemorySegment block = arena.allocate(READ_BYTES, 4096);
      MemorySegment image = arena.allocate(WRITE_BYTES, 4096).fill((byte) 1);
      measurement.of(1, () -> connection.request(ASK, message, SOON)).into(results, "request");
      measureManyRequests(measurement, connection, results);
      measurement.of(1, () -> connection.read(key, 0, block, SOON)).into(results, "read4KiB");
      long shardBytes = ask(connection, ASK_SHARD_BYTES);
      SampleShard.Fetch fetch = (offset, target) -> connection.read(key, offset, target, SOON);
      measurement.of(1, SampleShard.search(shardBytes, fetch)).into(results, "search4KiB");
      measurement
          .of(1, () -> connection.write(key, SampleShard.MOST_BYTES, image, SOON))
          .into(results, "write16MiB");
    }
    io.say(results.toString());
  }

  /** With what the serving process uses of processors meanwhile. */
  private static void measureManyRequests(
      Measurement measurement, Connection connection, ObjectNode results) {
    MemorySegment message = MemorySegment.ofArray(new byte[REQUEST_BYTES]);
    Measurement.Operation request = () -> connection.request(ASK, message, SOON);
    measurement.warmUp(Measurement.IN_FLIGHT, request);
    long start = System.nanoTime();
    long before = ask(connection, ASK_PROCESSOR_TIME);
    Measurement.Result result = measurement.measure(Measurement.IN_FLIGHT, request);
    long used = ask(connection, ASK_PROCESSOR_TIME) - before;
    result
        .into(results, "request8")
        .put("serverProcessors", (double) used / (System.nanoTime() - start));
  }

  private static long ask(Connection connection, int opcode) {
    MemorySegment nothing = MemorySegment.ofArray(new byte[0]);
    return connection.request(opcode, nothing, SOON).join().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
  }
}
