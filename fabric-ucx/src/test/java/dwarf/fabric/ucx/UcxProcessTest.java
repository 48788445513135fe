package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import dwarf.fabric.Await;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Listener;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import dwarf.process.ChildProcess;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes, one of which dies, freezes or loses its rights. */
@Timeout(120)
@ExtendWith(NeedsUcx.class)
class UcxProcessTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration START = Duration.ofSeconds(60);
  private static final long PROMPT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int STOPS = 600;
  private static final String TCP = "tcp";
  private static final String SHM = "posix,sysv,tcp";

  @TempDir Path logs;
  private final Arena arena = Arena.ofShared();
  private final List<ChildProcess> children = new ArrayList<>();
  private Fabric fabric;

  @AfterEach
  void close() {
    children.forEach(ChildProcess::close);
    fabric.close();
    arena.close();
  }

  private void open(String transports, FabricOptions options) {
    fabric = UcxFabric.open(options, UcxSettings.of(transports, false));
  }

  private ChildProcess child(String transports, String... arguments) {
    List<String> flags = List.of("-Ddwarf.ucx.tls=" + transports);
    ChildProcess child =
        ChildProcess.start(
            "ucx-" + arguments[0], UcxChild.command(flags, arguments), logs.resolve("child.log"));
    children.add(child);
    return child;
  }

  /** A server process, and this process's way to it. */
  private record Remote(ChildProcess process, Connection connection, RemoteKey key) {}

  private Remote remote(String transports) {
    ChildProcess server = child(transports, "server");
    String line = server.receive(START);
    int space = line.indexOf(' ');
    Connection connection = fabric.connect(FabricAddress.parse(line.substring(0, space)));
    return new Remote(server, connection, UcxChild.key(line.substring(space + 1)));
  }

  /** Keeps reads, writes and requests going until the connection fails. */
  private final class Traffic {

    private final Remote remote;
    private final List<CompletableFuture<?>> ends = new ArrayList<>();

    Traffic(Remote remote) {
      this.remote = remote;
      MemorySegment source = arena.allocate(UcxChild.BYTES).fill(UcxChild.FILL);
      MemorySegment target = arena.allocate(UcxChild.BYTES);
      Connection connection = remote.connection;
      forever(() -> connection.write(remote.key, 0, source, SOON));
      forever(
          () ->
              connection
                  .read(remote.key, 0, target.fill((byte) 0), SOON)
                  .thenAccept(done -> assertThat(UcxChild.isFilled(target)).isTrue()));
      forever(() -> connection.request(1, source.asSlice(0, 100), SOON));
    }

    private void forever(Supplier<CompletableFuture<?>> operation) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      ends.add(end);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    Await.get(operation.get());
                  }
                } catch (Throwable e) {
                  end.completeExceptionally(e);
                }
              });
    }

    void assertEndsWith(Kind kind, long withinNanos) {
      long start = System.nanoTime();
      ends.forEach(end -> assertThat(Await.failureOf(end).kind()).isEqualTo(kind));
      Await.until("the end is seen", () -> !remote.connection.isOpen());
      assertThat(System.nanoTime() - start).isLessThan(withinNanos);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TCP, SHM})
  void aKilledServerFailsWhatIsUnderWayAndTheNextOneServes(String transports) {
    open(transports, FabricOptions.DEFAULTS);
    for (int round = 0; round < 2; round++) {
      Remote remote = remote(transports);
      Await.get(remote.connection.read(remote.key, 0, arena.allocate(UcxChild.BYTES), SOON));
      Traffic traffic = new Traffic(remote);
      Await.get(remote.connection.request(2, MemorySegment.ofArray(new byte[10]), SOON));
      remote.process.kill();
      traffic.assertEndsWith(Kind.UNAVAILABLE, PROMPT_NANOS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TCP, SHM})
  void aKilledClientIsForgottenAndOthersAreServed(String transports) {
    open(transports, FabricOptions.DEFAULTS);
    Region region = fabric.register(arena.allocate(UcxChild.BYTES).fill(UcxChild.FILL));
    RemoteKey key = region.grant(0, UcxChild.BYTES, Access.READ_WRITE);
    Listener listener = listen();
    Connection other = fabric.connect(listener.address());
    for (int round = 1; round <= 2; round++) {
      ChildProcess client =
          child(transports, "client", listener.address().toString(), UcxChild.text(key));
      assertThat(client.receive(START)).isEqualTo("going");
      client.kill();
      long start = System.nanoTime();
      int gone = round;
      Await.until(
          "the client is forgotten",
          () -> fabric.counters().get(FabricCounter.CONNECTIONS_CLOSED) == gone);
      assertThat(System.nanoTime() - start).isLessThan(PROMPT_NANOS);
      assertThat(UcxChild.isFilled(region.memory())).isTrue();
      Await.get(other.read(key, 0, arena.allocate(100), SOON));
    }
  }

  /** Whatever a client was about to do: so it is stopped again and again, in the middle of it. */
  @ParameterizedTest
  @ValueSource(strings = {TCP, SHM})
  void aClientThatStopsDoesNotHoldUpOthers(String transports) throws Exception {
    open(transports, FabricOptions.DEFAULTS);
    Region region = fabric.register(arena.allocate(UcxChild.BYTES).fill(UcxChild.FILL));
    RemoteKey key = region.grant(0, UcxChild.BYTES, Access.READ_WRITE);
    Listener listener = listen();
    Connection other = fabric.connect(listener.address());
    ChildProcess client =
        child(transports, "client", listener.address().toString(), UcxChild.text(key));
    assertThat(client.receive(START)).isEqualTo("going");
    for (int stop = 0; stop < STOPS; stop++) {
      signal("-STOP", client);
      Await.get(other.read(key, 0, arena.allocate(100), SOON));
      signal("-CONT", client);
    }
    assertThat(client.isAlive()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {TCP, SHM})
  void aRevokedKeyIsRefusedToAnotherProcess(String transports) {
    open(transports, FabricOptions.DEFAULTS);
    Region region = fabric.register(arena.allocate(64));
    RemoteKey key = region.grant(0, 64, Access.READ_WRITE);
    ChildProcess client =
        child(transports, "obey", listen().address().toString(), UcxChild.text(key));
    assertThat(client.receive(START)).isEqualTo("ready");
    assertThat(tell(client, "write")).isEqualTo("ok");
    assertThat(UcxChild.isFilled(region.memory())).isTrue();
    assertThat(tell(client, "read")).isEqualTo("ok");
    region.revoke(key);
    region.memory().fill((byte) 1);
    assertThat(tell(client, "write")).isEqualTo("STALE_HANDLE");
    assertThat(tell(client, "read")).isEqualTo("STALE_HANDLE");
    assertThat(region.memory().mismatch(arena.allocate(64).fill((byte) 1))).isEqualTo(-1);
  }

  private static String tell(ChildProcess client, String operation) {
    client.send(operation);
    return client.receive(SOON);
  }

  @ParameterizedTest
  @ValueSource(strings = {TCP, SHM})
  void aFrozenServerIsGivenUpAfterTheIdleTime(String transports) throws Exception {
    open(transports, FabricOptions.DEFAULTS.withTimeouts(SOON, Duration.ofSeconds(1)));
    Remote remote = remote(transports);
    Traffic traffic = new Traffic(remote);
    Await.get(remote.connection.request(2, MemorySegment.ofArray(new byte[10]), SOON));
    signal("-STOP", remote.process);
    traffic.assertEndsWith(Kind.UNAVAILABLE, PROMPT_NANOS);
    assertThat(fabric.counters().get(FabricCounter.IDLE_CLOSED)).isEqualTo(1);
  }

  private static void signal(String signal, ChildProcess process)
      throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private Listener listen() {
    return fabric.listen(
        new FabricAddress("ucx", "127.0.0.1", 0),
        (peer, opcode, payload, reply) ->
            reply.fail(new DwarfException(Kind.INTERNAL, "nobody asks here")));
  }
}
