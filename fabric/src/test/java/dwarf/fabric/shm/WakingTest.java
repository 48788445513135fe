package dwarf.fabric.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.fabric.Await;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Both sides fall asleep and are woken in all the ways there are: callers that wait, callers that
 * only leave a callback, replies from other threads, pauses around the time that threads poll. A
 * wake-up that were lost would be made good by a timer at the earliest, long after the deadline.
 */
@Timeout(120)
class WakingTest {

  private static final Duration BEFORE_ANY_TIMER = Duration.ofSeconds(60);
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final int ROUNDS = 600;

  private final long seed = Long.getLong("dwarf.seed", 21);

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 4", "5000, 1", "5000, 4", "50000, 1", "50000, 4"})
  void noWakeUpIsLost(long spinNanos, int callers) throws Exception {
    FabricOptions options =
        FabricOptions.DEFAULTS
            .withThreads(1, Duration.ofNanos(spinNanos))
            .withTimeouts(Duration.ofSeconds(5), IDLE);
    FabricAddress address = FabricAddress.shm("waking-" + UUID.randomUUID());
    try (Fabric server = Fabrics.open("shm", options);
        Fabric client = Fabrics.open("shm", options);
        ExecutorService later = Executors.newSingleThreadExecutor()) {
      server.listen(
          address,
          (peer, opcode, payload, reply) -> {
            byte[] copy = payload.toArray(ValueLayout.JAVA_BYTE);
            if (opcode == 0) {
              reply.ok(MemorySegment.ofArray(copy));
            } else {
              later.execute(() -> reply.ok(MemorySegment.ofArray(copy)));
            }
          });
      Connection connection = client.connect(address);
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int c = 0; c < callers; c++) {
        Random random = new Random(seed + c);
        CompletableFuture<Void> done = new CompletableFuture<>();
        all.add(done);
        Thread unused =
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        call(connection, random);
                        done.complete(null);
                      } catch (Throwable e) {
                        done.completeExceptionally(e);
                      }
                    });
      }
      for (CompletableFuture<Void> done : all) {
        done.get(100, TimeUnit.SECONDS);
      }
    }
  }

  private void call(Connection connection, Random random) {
    ArrayDeque<CompletableFuture<MemorySegment>> open = new ArrayDeque<>();
    for (int i = 0; i < ROUNDS; i++) {
      MemorySegment sent = MemorySegment.ofArray(new byte[random.nextInt(100)]);
      CompletableFuture<MemorySegment> reply =
          connection.request(random.nextInt(2), sent, BEFORE_ANY_TIMER);
      open.add(
          reply.thenApply(
              bytes -> {
                assertThat(bytes.byteSize()).as("seed %d", seed).isEqualTo(sent.byteSize());
                return bytes;
              }));
      if (random.nextInt(10) == 0) {
        LockSupport.parkNanos(random.nextInt(200_000));
      }
      while (open.size() > random.nextInt(8)) {
        finish(open.remove(), random.nextBoolean());
      }
    }
    open.forEach(CompletableFuture::join);
  }

  private static void finish(CompletableFuture<MemorySegment> reply, boolean help) {
    if (help) {
      MemorySegment unused = reply.join();
    } else {
      Await.until("the reply came without help", reply::isDone);
      assertThat(reply).isCompleted();
    }
  }
}
