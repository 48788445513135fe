package dwarf.node.memory;

import static dwarf.node.memory.NodeHarness.assertKind;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Connection;
import dwarf.protocol.Message;
import dwarf.protocol.Messages;
import dwarf.protocol.Opcode;
import dwarf.protocol.OwnerRequests;
import dwarf.protocol.Protocol;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node does with requests that no client of ours sends. */
class HostileClientTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private NodeHarness harness;
  private Connection connection;

  @BeforeEach
  void start() {
    harness = new NodeHarness("tcp");
    connection = harness.fabric.connect(harness.node.address());
  }

  @AfterEach
  void stop() {
    connection.close();
    harness.close();
  }

  @Test
  void helloComesFirstAndInTheRightVersion() {
    Message attach = new OwnerRequests.Attach(new OwnerRequests.Session(new UUID(1, 1), 1), 0);
    assertKind(Kind.INVALID_ARGUMENT, () -> send(Opcode.ATTACH.code(), attach));
    assertKind(
        Kind.NOT_SUPPORTED,
        () -> send(Opcode.HELLO.code(), new OwnerRequests.Hello(Protocol.VERSION + 1)));
    assertKind(Kind.INVALID_ARGUMENT, () -> send(Opcode.ATTACH.code(), attach));
    send(Opcode.HELLO.code(), new OwnerRequests.Hello(Protocol.VERSION));
    send(Opcode.ATTACH.code(), attach);
  }

  @Test
  void unknownOpcodesAndGarbageAreRefusedAndTheNodeServesOn() {
    send(Opcode.HELLO.code(), new OwnerRequests.Hello(Protocol.VERSION));
    assertKind(Kind.NOT_SUPPORTED, () -> send(60, new OwnerRequests.Nothing()));
    Random random = new Random(SEED);
    for (Opcode opcode : Opcode.values()) {
      for (int round = 0; round < 20; round++) {
        byte[] garbage = new byte[random.nextInt(200)];
        random.nextBytes(garbage);
        assertRefusedOrAnswered(opcode, garbage);
      }
    }
    assertThat(harness.node.poolUsed()).isZero();
    send(Opcode.HELLO.code(), new OwnerRequests.Hello(Protocol.VERSION));
  }

  private void assertRefusedOrAnswered(Opcode opcode, byte[] garbage) {
    try {
      connection.request(opcode.code(), MemorySegment.ofArray(garbage), TIMEOUT).join();
    } catch (CompletionException refused) {
      assertThat(((DwarfException) refused.getCause()).kind())
          .as("seed %d, %s", SEED, opcode)
          .isNotIn(Kind.INTERNAL, Kind.UNAVAILABLE);
    }
  }

  private void send(int opcode, Message message) {
    connection.request(opcode, Messages.encode(message), TIMEOUT).join();
  }
}
