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
import dwarf.process.Lifetime;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code fabric-bench-part}: one of the two processes of a measurement. Without an address it
 * serves, or does both sides if the transport does not leave the process; with one it measures.
 */
@Command(
    name = "fabric-bench-part",
    hidden = true,
    description = "One of the processes of fabric-bench.")
public final class FabricBenchPart implements Callable<Integer> {

  private static final int REQUEST_BYTES = 64;
  private static final int REPLY_BYTES = 128;
  private static final int READ_BYTES = 4 << 10;
  private static final int WRITE_BYTES = 16 << 20;
  private static final int IN_FLIGHT = 8;
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Io io;

  @Option(names = "--scheme", required = true)
  private String scheme;

  @Option(names = "--address")
  private String address;

  @Option(names = "--key")
  private String key;

  @Option(names = "--seconds", defaultValue = "1")
  private double seconds;

  public FabricBenchPart(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (address != null) {
      try (Fabric fabric = Fabrics.open(scheme)) {
        measure(fabric, FabricAddress.parse(address), HexFormat.of().parseHex(key));
      }
    } else {
      serve();
    }
    return ExitCodes.OK;
  }

  private void serve() {
    boolean inProcess = scheme.equals(FabricAddress.INPROC);
    try (Lifetime life = new Lifetime(true);
        Arena arena = Arena.ofShared();
        Fabric fabric = Fabrics.open(scheme);
        Region region = fabric.register(arena.allocate(WRITE_BYTES, 4096))) {
      MemorySegment reply = MemorySegment.ofArray(new byte[REPLY_BYTES]);
      Listener listener =
          fabric.listen(
              inProcess
                  ? FabricAddress.inproc("fabric-bench")
                  : new FabricAddress(scheme, "127.0.0.1", 0),
              (peer, opcode, payload, answer) -> answer.ok(reply));
      byte[] granted = region.grant(0, WRITE_BYTES, Access.READ_WRITE).bytes();
      if (inProcess) {
        measure(fabric, listener.address(), granted);
      } else {
        io.say(listener.address() + " " + HexFormat.of().formatHex(granted));
        life.run(listener);
      }
    }
  }

  private void measure(Fabric fabric, FabricAddress there, byte[] granted) {
    RemoteKey remote = new RemoteKey(granted);
    Measurement measurement = new Measurement(seconds);
    ObjectNode results = JsonNodeFactory.instance.objectNode();
    try (Connection connection = fabric.connect(there);
        Arena arena = Arena.ofShared()) {
      MemorySegment message = MemorySegment.ofArray(new byte[REQUEST_BYTES]);
      MemorySegment block = arena.allocate(READ_BYTES, 4096);
      MemorySegment image = arena.allocate(WRITE_BYTES, 4096).fill((byte) 1);
      Measurement.Operation request = () -> connection.request(1, message, SOON);
      put(results, "request", measurement.of(1, request));
      put(results, "request8", measurement.of(IN_FLIGHT, request));
      put(results, "read4KiB", measurement.of(1, () -> connection.read(remote, 0, block, SOON)));
      put(results, "write16MiB", measurement.of(1, () -> connection.write(remote, 0, image, SOON)));
    }
    io.say(results.toString());
  }

  static void put(ObjectNode results, String operation, Measurement.Result result) {
    results
        .putObject(operation)
        .put("perSecond", result.perSecond())
        .put("medianMicros", result.medianMicros());
  }
}
