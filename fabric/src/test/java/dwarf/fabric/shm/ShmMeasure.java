package dwarf.fabric.shm;

import dwarf.fabric.Access;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricOptions;
import dwarf.fabric.Fabrics;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import dwarf.fabric.memory.SharedFile;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What the transport costs between two processes, beside the floors that the machine sets. A
 * program and no test; it needs two processors of its own for its ten seconds. Argument: the
 * scheme.
 */
final class ShmMeasure {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int SHARD = 16 << 20;
  private static final int POOL = 2 * SHARD;
  private static final long RUN_NANOS = 1_200_000_000L;

  private static final MemorySegment PAYLOAD = MemorySegment.ofArray(new byte[64]);

  private ShmMeasure() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "server" -> serve(FabricAddress.parse(args[1]));
      case "floors" -> floors();
      default -> measure(args[0]);
    }
  }

  /** Both ends in this process, which must not be bound to one processor. */
  private static void floors() throws InterruptedException {
    System.out.printf("floor: bare ring echo of 64 B %.2f us%n", ringEcho());
    System.out.printf("floor: one memcpy of 16 MiB %.2f GB/s%n", memcpy());
  }

  private static void serve(FabricAddress address) throws Exception {
    MemorySegment reply = MemorySegment.ofArray(new byte[128]);
    try (Fabric fabric = Fabrics.open(address.scheme());
        Region region = fabric.allocate(POOL)) {
      region.commit(0, POOL);
      region.memory().fill((byte) 1);
      RemoteKey key = region.grant(0, POOL, Access.READ_WRITE);
      var listener = fabric.listen(address, (peer, opcode, payload, answer) -> answer.ok(reply));
      System.out.println(listener.address());
      System.out.println(HexFormat.of().formatHex(key.bytes()));
      System.in.transferTo(System.err);
    }
  }

  private static void measure(String scheme) throws Exception {
    String address = scheme.equals("tcp") ? "tcp://127.0.0.1:0" : "shm://measure";
    Process child =
        new ProcessBuilder(command(address)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader said =
            new BufferedReader(
                new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        Fabric fabric = Fabrics.open(scheme, FabricOptions.DEFAULTS);
        Connection connection = fabric.connect(FabricAddress.parse(said.readLine()));
        Arena arena = Arena.ofShared()) {
      RemoteKey key = new RemoteKey(HexFormat.of().parseHex(said.readLine()));
      requests(connection, 8, "warm-up, ");
      requests(connection, 1, "");
      requests(connection, 8, "");
      threads(connection, 4);
      afterSilence(connection);
      reads(connection, key, arena.allocate(4096));
      writes(connection, key, arena.allocate(SHARD));
    } finally {
      child.destroyForcibly();
    }
  }

  private static String[] command(String address) {
    return new String[] {
      "taskset",
      "-c",
      "1",
      System.getProperty("java.home") + "/bin/java",
      "-XX:ActiveProcessorCount=2",
      "--enable-native-access=ALL-UNNAMED",
      "-Xmx256m",
      "-cp",
      System.getProperty("java.class.path"),
      ShmMeasure.class.getName(),
      "server",
      address
    };
  }

  private static void requests(Connection connection, int inFlight, String note) {
    ArrayDeque<CompletableFuture<MemorySegment>> open = new ArrayDeque<>();
    long[] nanos = new long[4_000_000];
    int count = 0;
    long begin = System.nanoTime();
    long counted = begin + RUN_NANOS / 2;
    while (System.nanoTime() - begin < RUN_NANOS) {
      long start = System.nanoTime();
      open.add(connection.request(1, PAYLOAD, SOON));
      if (open.size() == inFlight) {
        open.remove().join();
      }
      if (start - counted > 0 && count < nanos.length) {
        nanos[count++] = System.nanoTime() - start;
      }
    }
    open.forEach(CompletableFuture::join);
    Arrays.sort(nanos, 0, count);
    System.out.printf(
        "%srequest 64 B, reply 128 B, %d in flight: %d K/s, median %.2f us, p99 %.2f us%n",
        note,
        inFlight,
        count * 1_000_000L / (RUN_NANOS / 2),
        nanos[count / 2] / 1e3,
        nanos[count * 99 / 100] / 1e3);
  }

  private static void threads(Connection connection, int count) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    long begin = System.nanoTime();
                    while (System.nanoTime() - begin < RUN_NANOS) {
                      MemorySegment unused = connection.request(1, PAYLOAD, SOON).join();
                      done.incrementAndGet();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.printf(
        "%d threads, one request each: %d K/s%n", count, done.get() * 1_000_000 / RUN_NANOS);
  }

  /** Both sides sleep by the time of each request. */
  private static void afterSilence(Connection connection) {
    long[] nanos = new long[200];
    for (int i = 0; i < nanos.length; i++) {
      LockSupport.parkNanos(3_000_000);
      long start = System.nanoTime();
      MemorySegment unused = connection.request(1, PAYLOAD, SOON).join();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf("request after 3 ms of silence: median %.0f us%n", nanos[100] / 1e3);
  }

  private static void reads(Connection connection, RemoteKey key, MemorySegment target) {
    connection.read(key, 0, target, SOON).join();
    long[] nanos = new long[4_000_000];
    int count = 0;
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < RUN_NANOS && count < nanos.length) {
      long start = System.nanoTime();
      connection.read(key, (count * 4096L) % SHARD, target, SOON).join();
      nanos[count++] = System.nanoTime() - start;
    }
    Arrays.sort(nanos, count / 2, count);
    System.out.printf(
        "one-sided read of 4 KiB: median %.2f us, p99 %.2f us%n",
        nanos[count * 3 / 4] / 1e3, nanos[count - count / 200] / 1e3);
  }

  private static void writes(Connection connection, RemoteKey key, MemorySegment source) {
    source.fill((byte) 3);
    for (int inFlight : new int[] {1, 2}) {
      ArrayDeque<CompletableFuture<Void>> open = new ArrayDeque<>();
      int done = 0;
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < RUN_NANOS) {
        open.add(connection.write(key, (done++ % 2) * (long) SHARD, source, SOON));
        if (open.size() == inFlight) {
          open.remove().join();
        }
      }
      open.forEach(CompletableFuture::join);
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          "one-sided write of 16 MiB, %d in flight: %.2f GB/s%n",
          inFlight, (double) done * SHARD / seconds / 1e9);
    }
  }

  private static double memcpy() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment from = arena.allocate(SHARD).fill((byte) 1);
      MemorySegment to = arena.allocate(SHARD).fill((byte) 2);
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 60; i++) {
        long start = System.nanoTime();
        MemorySegment.copy(from, 0, to, 0, SHARD);
        best = Math.min(best, System.nanoTime() - start);
      }
      return (double) SHARD / best;
    }
  }

  /** Two threads, two bare rings, nothing else: median of an exchange in microseconds. */
  private static double ringEcho() throws InterruptedException {
    int rounds = 400_000;
    try (SharedFile file = SharedFile.inMemory("measure", RingLayout.fileBytes(1 << 16));
        RingPair rings = RingPair.create(file, 1 << 16)) {
      Thread echo =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    RingConsumer in = new RingConsumer(rings.toServer());
                    RingProducer out = new RingProducer(rings.toClient());
                    for (int i = 0; i < rounds; i++) {
                      put(out, take(in));
                    }
                  });
      RingProducer out = new RingProducer(rings.toServer());
      RingConsumer in = new RingConsumer(rings.toClient());
      long[] nanos = new long[rounds];
      for (int i = 0; i < rounds; i++) {
        long start = System.nanoTime();
        put(out, 64);
        take(in);
        nanos[i] = System.nanoTime() - start;
      }
      echo.join();
      Arrays.sort(nanos, rounds / 2, rounds);
      return nanos[rounds * 3 / 4] / 1e3;
    }
  }

  private static void put(RingProducer out, int length) {
    if (!out.hasRoom(length)) {
      throw new AssertionError("an echo at a time fits");
    }
    out.publish(new RecordHeader(RecordType.REQUEST, 0, 1, 1, length, length));
  }

  private static int take(RingConsumer in) {
    while (!in.hasNext()) {
      Thread.onSpinWait();
    }
    RecordHeader header = in.next();
    int length = in.payload(header).length;
    in.release(header);
    return length;
  }
}
