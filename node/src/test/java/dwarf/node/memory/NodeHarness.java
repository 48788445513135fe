package dwarf.node.memory;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.protocol.ClientOptions;
import dwarf.protocol.MemoryNodeClient;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A memory node under a clock of the test's, and clients of it, over one transport. */
final class NodeHarness implements AutoCloseable {

  static final Duration LEASE = Duration.ofSeconds(60);
  static final Duration TASK_LEASE = Duration.ofSeconds(10);
  static final long POOL = 8 << 20;

  final ManualClock clock = new ManualClock();
  final List<String> steps = new CopyOnWriteArrayList<>();
  final Fabric fabric;
  private final List<MemoryNodeClient> clients = new CopyOnWriteArrayList<>();
  private final MemoryNodeConfig config;
  MemoryNode node;

  NodeHarness(String scheme) {
    this(scheme, config -> config);
  }

  NodeHarness(String scheme, UnaryOperator<MemoryNodeConfig> change) {
    fabric = Fabrics.open(scheme);
    FabricAddress address =
        scheme.equals(FabricAddress.TCP)
            ? FabricAddress.tcp("127.0.0.1", 0)
            : new FabricAddress(scheme, "node-" + UUID.randomUUID(), 0);
    config =
        change.apply(
            MemoryNodeConfig.of(fabric, address, POOL)
                .withLeases(LEASE, TASK_LEASE)
                .withClock(clock)
                .withSteps(steps::add));
    node = MemoryNode.start(config);
  }

  /** Stops the node and starts it again at the same address. */
  void restart() {
    FabricAddress address = node.address();
    node.close();
    node =
        MemoryNode.start(
            MemoryNodeConfig.of(fabric, address, POOL)
                .withLeases(LEASE, TASK_LEASE)
                .withClock(clock));
  }

  MemoryNodeClient client() {
    MemoryNodeClient client =
        new MemoryNodeClient(
            fabric, node.address(), ClientOptions.DEFAULTS.withRetryPause(Duration.ofMillis(1)));
    clients.add(client);
    return client;
  }

  static void assertKind(Kind kind, ThrowingCallable call) {
    Assertions.assertThatThrownBy(call)
        .satisfies(
            thrown -> {
              Throwable cause = thrown instanceof DwarfException ? thrown : thrown.getCause();
              Assertions.assertThat(cause).isInstanceOf(DwarfException.class);
              Assertions.assertThat(((DwarfException) cause).kind()).isEqualTo(kind);
            });
  }

  @Override
  public void close() {
    clients.forEach(MemoryNodeClient::close);
    node.close();
    fabric.close();
  }
}
