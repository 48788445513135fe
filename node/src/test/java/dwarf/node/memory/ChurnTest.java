package dwarf.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.node.memory.TestMemtable.Home;
import dwarf.node.memory.TestMemtable.Version;
import dwarf.protocol.GetReply;
import dwarf.protocol.GetRequest;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardKey;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory that is freed and lent again while it is read, by engines that come and go: an answer is
 * right or STALE_HANDLE, and in the end everything is back.
 */
class ChurnTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());
  private static final UUID DATABASE = new UUID(1, 2);
  private static final long EPOCH = 5;
  private static final int TABLES = 4;
  private static final int ROUNDS = 20;

  private record Shipped(TestMemtable table, List<RemoteShard> shards) {}

  private final AtomicReferenceArray<Shipped> shipped = new AtomicReferenceArray<>(TABLES);
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger right = new AtomicInteger();
  private NodeHarness harness;

  @ParameterizedTest
  @ValueSource(strings = {"inproc", "shm", "tcp"})
  void readersSeeTheTruthOrAStaleHandle(String scheme) throws Exception {
    harness = new NodeHarness(scheme);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      harness.client().attach(DATABASE, EPOCH, 0);
      List<Future<?>> writers = new ArrayList<>();
      for (int table = 0; table < TABLES; table++) {
        int number = table;
        MemoryNodeClient client = harness.client();
        writers.add(threads.submit(() -> shipAndFree(client, number)));
      }
      writers.add(threads.submit(this::comeAndGo));
      MemoryNodeClient client = harness.client();
      List<Future<?>> readers =
          List.of(
              threads.submit(() -> readDelegated(client)),
              threads.submit(() -> readOneSided(client)));
      join(writers);
      done.set(true);
      join(readers);
      assertThat(right).as("seed %d", SEED).hasPositiveValue();
      Eventually.holds("everything is back", () -> harness.node.poolUsed() == 0);
    } finally {
      done.set(true);
      harness.close();
    }
  }

  private void shipAndFree(MemoryNodeClient client, int number) {
    Random random = new Random(SEED + number);
    for (int round = 0; round < ROUNDS; round++) {
      Home home = new Home(DATABASE, EPOCH, 0, number);
      TestMemtable table = TestMemtable.random(home, random, 1, 50 + random.nextInt(300));
      List<RemoteShard> shards = table.ship(client);
      shipped.set(number, new Shipped(table, shards));
      Thread.onSpinWait();
      client.free(DATABASE, EPOCH, TestMemtable.handles(shards));
    }
  }

  private void comeAndGo() {
    for (int round = 0; round < ROUNDS; round++) {
      try (MemoryNodeClient visitor = harness.client()) {
        RemoteShard shard = visitor.allocate(DATABASE, EPOCH, new ShardKey(1, round, 0), 200_000);
        visitor.writeAsync(shard, 0, MemorySegment.ofArray(new byte[100_000])).join();
      }
    }
  }

  private void readDelegated(MemoryNodeClient client) {
    Random random = new Random(SEED - 1);
    while (!done.get()) {
      Shipped any = shipped.get(random.nextInt(TABLES));
      if (any == null) {
        continue;
      }
      byte[] key = TestMemtable.key(random.nextInt(200));
      long sequence = random.nextInt(400);
      GetRequest request =
          new GetRequest(DATABASE, EPOCH, sequence, TestMemtable.handles(any.shards), key);
      unlessStale(
          () -> {
            GetReply reply = client.getAsync(request).join();
            Version expected = any.table.newest(key, sequence);
            assertThat(reply.sequence())
                .as("seed %d", SEED)
                .isEqualTo(expected == null ? 0 : expected.sequence());
          });
    }
  }

  private void readOneSided(MemoryNodeClient client) {
    Random random = new Random(SEED - 2);
    while (!done.get()) {
      Shipped any = shipped.get(random.nextInt(TABLES));
      if (any == null) {
        continue;
      }
      RemoteShard shard = any.shards.get(random.nextInt(any.shards.size()));
      MemorySegment image = any.table.images.get(shard.key().shard());
      unlessStale(
          () -> {
            MemorySegment target = MemorySegment.ofArray(new byte[(int) shard.bytes()]);
            client.readAsync(shard, 0, target).join();
            assertThat(target.toArray(ValueLayout.JAVA_BYTE))
                .as("seed %d", SEED)
                .isEqualTo(image.toArray(ValueLayout.JAVA_BYTE));
          });
    }
  }

  private void unlessStale(Runnable read) {
    try {
      read.run();
      right.incrementAndGet();
    } catch (CompletionException refused) {
      assertThat(((DwarfException) refused.getCause()).kind())
          .as("seed %d", SEED)
          .isEqualTo(Kind.STALE_HANDLE);
    }
  }

  private static void join(List<Future<?>> work) throws InterruptedException {
    for (Future<?> each : work) {
      try {
        each.get();
      } catch (ExecutionException failure) {
        throw new AssertionError("seed " + SEED, failure.getCause());
      }
    }
  }
}
