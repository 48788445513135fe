package dwarf.fabric.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Spin;
import dwarf.fabric.memory.SharedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records of all sizes through a small ring, with its ends on two threads. */
@Timeout(60)
class RingTest {

  private static final int RECORDS = 40_000;

  @Test
  void everyRecordComesOnceInOrderAndWhole() {
    long seed = Long.getLong("dwarf.seed", 5);
    int capacity = RingLayout.LEAST_CAPACITY;
    try (SharedFile file = SharedFile.inMemory("ring-test", RingLayout.fileBytes(capacity));
        RingPair rings = RingPair.create(file, capacity);
        RingPair peer = RingPair.open(file.location())) {
      CompletableFuture<Void> producing =
          CompletableFuture.runAsync(() -> produce(new RingProducer(rings.toServer()), seed));
      RingConsumer in = new RingConsumer(peer.toServer());
      Random random = new Random(seed);
      for (int i = 0; i < RECORDS; i++) {
        await(in);
        RecordHeader header = in.next();
        byte[] payload = in.payload(header);
        byte[] expected = new byte[length(random)];
        random.nextBytes(expected);
        assertThat(header.id()).as("seed %d", seed).isEqualTo(i);
        assertThat(payload).as("seed %d", seed).isEqualTo(expected);
        in.release(header);
      }
      assertThat(in.hasNext()).isFalse();
      producing.join();
    }
  }

  private static int length(Random random) {
    int most = RingLayout.mostPayload(RingLayout.LEAST_CAPACITY);
    return random.nextInt(20) == 0 ? random.nextInt(most + 1) : random.nextInt(200);
  }

  private static void produce(RingProducer out, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < RECORDS; i++) {
      byte[] payload = new byte[length(random)];
      random.nextBytes(payload);
      while (!out.hasRoom(payload.length)) {
        boolean unused = Spin.giveWay();
      }
      MemorySegment.copy(
          payload, 0, out.data(), ValueLayout.JAVA_BYTE, out.payloadAt(), payload.length);
      out.publish(new RecordHeader(RecordType.REQUEST, 0, 0, i, payload.length, payload.length));
    }
  }

  private static void await(RingConsumer in) {
    while (!in.hasNext()) {
      boolean unused = Spin.giveWay();
    }
  }
}
