package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.cli.ExitCodes;
import dwarf.cli.Io;
import dwarf.fabric.ucx.plain.PlainClient;
import dwarf.fabric.ucx.plain.PlainServer;
import dwarf.process.Lifetime;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fabric-bench-ucx}: as {@link FabricBenchPart}, with UCX alone. */
@Command(
    name = PlainUcxPart.NAME,
    hidden = true,
    description = "One of the processes of fabric-bench.")
public final class PlainUcxPart implements Callable<Integer> {

  static final String NAME = "fabric-bench-ucx";

  private final Io io;

  @Option(names = "--ucx", required = true)
  private String transports;

  @Option(names = "--there")
  private String there;

  @Mixin private Times times;

  public PlainUcxPart(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (there == null) {
      serve();
    } else {
      measure();
    }
    return ExitCodes.OK;
  }

  private void serve() {
    AtomicBoolean stop = new AtomicBoolean();
    try (Lifetime life = new Lifetime(true);
        PlainServer server =
            new PlainServer(transports, FabricBenchPart.REPLY_BYTES, FabricBenchPart.WRITE_BYTES)) {
      io.say(server.address());
      Thread.ofPlatform().daemon().start(() -> life.run(() -> stop.set(true)));
      server.serve(stop::get);
    }
  }

  private void measure() {
    Measurement measurement = new Measurement(times);
    ObjectNode results = JsonNodeFactory.instance.objectNode();
    try (PlainClient client = new PlainClient(transports, FabricBenchPart.REQUEST_BYTES, there);
        Arena arena = Arena.ofShared()) {
      MemorySegment image = arena.allocate(FabricBenchPart.WRITE_BYTES, 4096).fill((byte) 1);
      measurement.of(1, client::request).into(results, "request");
      measurement.of(Measurement.IN_FLIGHT, client::request).into(results, "request8");
      measurement.of(1, () -> client.put(image)).into(results, "write16MiB");
    }
    io.say(results.toString());
  }
}
