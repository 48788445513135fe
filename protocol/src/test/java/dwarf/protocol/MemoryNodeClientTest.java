package dwarf.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.base.Lookup;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Listener;
import dwarf.fabric.Peer;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.Reply;
import dwarf.fabric.ServerHandler;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client against nodes that behave as the test wants. */
class MemoryNodeClientTest {

  private static final UUID DATABASE = new UUID(1, 2);
  private static final NodeLoad LOAD = new NodeLoad(3, 500, 1 << 20, 4096);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Fabric fabric = Fabrics.open("inproc");
  private final FabricAddress address = FabricAddress.inproc("node-" + UUID.randomUUID());
  private final AtomicLong time = new AtomicLong();
  private final AtomicInteger greetings = new AtomicInteger();
  private final MemoryNodeClient client =
      new MemoryNodeClient(
          fabric,
          address,
          new ClientOptions(Duration.ofSeconds(10), Duration.ofSeconds(10), PAUSE, time::get));

  @AfterEach
  void stop() {
    client.close();
    fabric.close();
  }

  /** Answers HELLO in the given version, and everything else as it is told. */
  private final class Node implements ServerHandler {

    private final int version;
    private final ServerHandler others;

    Node(int version, ServerHandler others) {
      this.version = version;
      this.others = others;
    }

    @Override
    public void onRequest(Peer peer, int opcode, MemorySegment payload, Reply reply) {
      if (opcode == Opcode.HELLO.code()) {
        greetings.incrementAndGet();
        answer(reply, new NodeInfo(DATABASE, version, 1 << 20, Duration.ofSeconds(60)));
      } else {
        others.onRequest(peer, opcode, payload, reply);
      }
    }
  }

  private Listener listen(ServerHandler others) {
    return fabric.listen(address, new Node(Protocol.VERSION, others));
  }

  private static void answer(Reply reply, Message message) {
    reply.ok(Messages.encodeReply(LOAD, message));
  }

  private static void refuse(Reply reply, Kind kind) {
    reply.fail(new DwarfException(kind, "told to refuse"));
  }

  @Test
  void connectsOnceAndRemembersTheLoad() {
    listen((peer, opcode, payload, reply) -> answer(reply, new OwnerRequests.Nothing()));
    assertThat(client.lastLoad()).isEqualTo(NodeLoad.UNKNOWN);
    client.renew(DATABASE, 1);
    client.renew(DATABASE, 1);
    assertThat(greetings).hasValue(1);
    assertThat(client.lastLoad()).isEqualTo(LOAD);
    assertThat(client.isHealthy()).isTrue();
  }

  @Test
  void nodeOfAnotherVersionIsNotUsed() {
    fabric.listen(
        address,
        new Node(
            Protocol.VERSION + 1,
            (peer, opcode, payload, reply) -> answer(reply, new OwnerRequests.Nothing())));
    assertKind(Kind.NOT_SUPPORTED, () -> client.renew(DATABASE, 1));
    assertThat(client.isHealthy()).isFalse();
  }

  @Test
  void absentNodeCostsOneAttemptPerPause() {
    assertKind(Kind.UNAVAILABLE, () -> client.renew(DATABASE, 1));
    listen((peer, opcode, payload, reply) -> answer(reply, new OwnerRequests.Nothing()));
    assertKind(Kind.UNAVAILABLE, () -> client.renew(DATABASE, 1));
    assertThat(greetings).hasValue(0);
    time.addAndGet(PAUSE.toNanos());
    client.renew(DATABASE, 1);
    assertThat(client.isHealthy()).isTrue();
  }

  @Test
  void nodeThatCameBackIsFoundByTheNextCall() {
    Listener first =
        listen((peer, opcode, payload, reply) -> answer(reply, new OwnerRequests.Nothing()));
    client.renew(DATABASE, 1);
    first.close();
    listen((peer, opcode, payload, reply) -> answer(reply, new OwnerRequests.Nothing()));
    client.renew(DATABASE, 1);
    assertThat(greetings).hasValue(2);
  }

  @Test
  void refusalsKeepTheirKindAndOnlyUnavailableIsUnhealthy() {
    List<Kind> answers = new ArrayList<>(List.of(Kind.values()));
    listen((peer, opcode, payload, reply) -> refuse(reply, answers.getFirst()));
    while (!answers.isEmpty()) {
      Kind kind = answers.getFirst();
      assertKind(kind, () -> client.renew(DATABASE, 1));
      assertThat(client.isHealthy()).isEqualTo(kind != Kind.UNAVAILABLE);
      answers.removeFirst();
    }
  }

  @Test
  void damagedReplyIsCorruptionAndNotAnAnswer() {
    listen((peer, opcode, payload, reply) -> reply.ok(MemorySegment.ofArray(new byte[30])));
    GetRequest get = new GetRequest(DATABASE, 1, 9, List.of(), new byte[0]);
    assertKind(Kind.CORRUPTION, () -> client.getAsync(get).join());
  }

  @Test
  void multiGetAsksOnUntilEveryKeyIsAnswered() {
    listen(
        (peer, opcode, payload, reply) -> {
          MultiGetRequest request =
              Messages.decode(Opcode.MULTI_GET, payload, MultiGetRequest::decode);
          byte[] first = request.keys().getFirst().key();
          GetReply one =
              new GetReply(
                  Lookup.State.FOUND, first[0], ValuePart.inline(MemorySegment.ofArray(first)));
          answer(reply, new MultiGetReply(List.of(one)));
        });
    List<GetReply> answers = client.multiGetAsync(keys(5)).join().answers();
    assertThat(answers).extracting(GetReply::sequence).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void multiGetWithTooFewOrTooManyAnswersIsRefused() {
    List<List<GetReply>> wrong =
        List.of(List.of(), List.of(GetReply.ABSENT, GetReply.ABSENT, GetReply.ABSENT));
    AtomicInteger which = new AtomicInteger();
    listen(
        (peer, opcode, payload, reply) ->
            answer(reply, new MultiGetReply(wrong.get(which.getAndIncrement()))));
    assertKind(Kind.CORRUPTION, () -> client.multiGetAsync(keys(2)).join());
    assertKind(Kind.CORRUPTION, () -> client.multiGetAsync(keys(2)).join());
  }

  @Test
  void silentNodeIsUnavailableAtTheDeadline() {
    listen((peer, opcode, payload, reply) -> greetings.get());
    try (MemoryNodeClient hasty =
        new MemoryNodeClient(
            fabric,
            address,
            ClientOptions.DEFAULTS.withTimeouts(Duration.ofMillis(50), Duration.ofMillis(50)))) {
      assertKind(Kind.UNAVAILABLE, () -> hasty.renew(DATABASE, 1));
      assertThat(hasty.isHealthy()).isFalse();
    }
  }

  @Test
  void closedClientSaysSo() {
    listen((peer, opcode, payload, reply) -> answer(reply, new OwnerRequests.Nothing()));
    client.renew(DATABASE, 1);
    client.close();
    assertKind(Kind.CLOSED, () -> client.renew(DATABASE, 1));
    assertThat(client.isHealthy()).isFalse();
  }

  @Test
  void transfersNeedTheKeyForTheirDirection() {
    RemoteKey key = new RemoteKey(new byte[] {1});
    ShardKey shard = new ShardKey(0, 1, 2);
    ShardHandle handle = new ShardHandle(1, 2);
    MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
    RemoteShard sealed = new RemoteShard(shard, handle, key, null, 8);
    RemoteShard unsealed = new RemoteShard(shard, handle, null, key, 8);
    assertKind(Kind.STALE_HANDLE, () -> client.writeAsync(sealed, 0, bytes).join());
    assertKind(Kind.STALE_HANDLE, () -> client.readAsync(unsealed, 0, bytes).join());
  }

  private static MultiGetRequest keys(int count) {
    List<KeyCandidates> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(new KeyCandidates(new byte[] {(byte) i}, new int[0]));
    }
    return new MultiGetRequest(DATABASE, 1, 9, List.of(), keys);
  }

  private static void assertKind(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .satisfies(
            thrown -> {
              Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
              assertThat(((DwarfException) cause).kind()).isEqualTo(kind);
            });
  }
}
