package dwarf.systemtests;

import dwarf.base.DwarfException;
import dwarf.engine.DwarfDB;
import dwarf.engine.Options;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.protocol.ClientOptions;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardKey;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A memory node that lends more than the file system of its pool holds, and those who use it.
 * Arguments: where logs and the database go; the pool's file system, empty.
 */
final class FullPoolMain {

  private static final Duration TASK_LEASE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SHARD_BYTES = 1 << 20;
  private static final int MOST_SHARDS = 6;
  private static final int WRITES = 500;

  private final Path root;
  private final Path memory;
  private final AtomicInteger acked = new AtomicInteger();
  private final AtomicBoolean written = new AtomicBoolean();

  private FullPoolMain(Path root, Path memory) {
    this.root = root;
    this.memory = memory;
  }

  public static void main(String[] args) {
    FullPoolMain run = new FullPoolMain(Path.of(args[0]), Path.of(args[1]));
    List<String> flags = List.of("-Ddwarf.shm.dir=" + args[1]);
    try (Cluster cluster = new Cluster(run.root, TASK_LEASE, Transport.SHM, flags)) {
      cluster.check(
          () -> {
            run.startWithoutRoom(cluster);
            System.out.println("passed no-room-to-start");
            cluster.startNode();
            allocateAll(FabricAddress.parse(cluster.nodeAddress()));
            System.out.println("passed allocate");
            run.useAnEngine(cluster.nodeAddress());
            System.out.println("passed engine");
            check(cluster.node().isAlive(), "the memory node has died");
          });
    }
  }

  private void startWithoutRoom(Cluster cluster) throws Exception {
    takeRoom();
    Child crowded = cluster.start("crowded", NodeMain.class, Transport.SHM.freeAddress(), 5000);
    int exit = crowded.awaitExit();
    String said = Files.readString(root.resolve("crowded.log"));
    check(exit == 1, "exit status " + exit + ": " + said);
    check(said.contains("bytes of shared memory"), "no word about shared memory: " + said);
    makeRoom();
  }

  /** Twice, so that what was given back is there again. */
  private static void allocateAll(FabricAddress address) {
    UUID database = new UUID(1, 2);
    try (Fabric fabric = Fabrics.open(address.scheme());
        MemoryNodeClient client = new MemoryNodeClient(fabric, address, ClientOptions.DEFAULTS)) {
      client.attach(database, 1, 0);
      int first = allocateUntilRefused(client, database);
      int second = allocateUntilRefused(client, database);
      check(first > 0 && first <= MOST_SHARDS, first + " shards");
      check(second == first, "first " + first + " shards, then " + second);
    }
  }

  private static int allocateUntilRefused(MemoryNodeClient client, UUID database) {
    MemorySegment image = MemorySegment.ofArray(new byte[SHARD_BYTES]).fill((byte) 7);
    List<RemoteShard> shards = new ArrayList<>();
    try {
      while (shards.size() <= MOST_SHARDS) {
        ShardKey key = new ShardKey(0, 1, shards.size());
        shards.add(client.allocate(database, 1, key, SHARD_BYTES));
        client.writeAsync(shards.getLast(), 0, image).join();
      }
    } catch (DwarfException e) {
      System.out.println("refused " + e.kind() + ": " + e.getMessage());
      check(e.kind() == DwarfException.Kind.NO_SPACE, "refused with " + e);
    }
    client.free(database, 1, shards.stream().map(RemoteShard::handle).toList());
    return shards.size();
  }

  /** While there are no pages memtables are flushed from here; then they are shipped again. */
  private void useAnEngine(String node) throws Exception {
    Options options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(256 << 10)
            .setStorageRoot(root)
            .setMemoryNode(node);
    try (DwarfDB db = DwarfDB.open(root.resolve("db"), options);
        ExecutorService readers = Executors.newSingleThreadExecutor()) {
      Future<?> reader = readers.submit(() -> readUntilWritten(db));
      writeUntilMore(db, "offload.memtables");
      takeRoom();
      writeUntilMore(db, "offload.refused");
      makeRoom();
      writeUntilMore(db, "offload.memtables");
      written.set(true);
      reader.get();
      db.flush();
      for (int i = 0; i < acked.get(); i++) {
        verify(db, i);
      }
    }
  }

  private void writeUntilMore(DwarfDB db, String statistic) {
    long before = db.statistics().get(statistic);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (db.statistics().get(statistic) == before) {
      check(System.nanoTime() < end, statistic + " stays at " + before);
      for (int i = 0; i < WRITES; i++) {
        db.put(key(acked.get()), EngineMain.value(acked.get()));
        acked.incrementAndGet();
      }
    }
    System.out.println(acked + " writes, " + statistic + " " + db.statistics().get(statistic));
  }

  private void readUntilWritten(DwarfDB db) {
    Random random = new Random(1);
    while (!written.get()) {
      verify(db, random.nextInt(acked.get() + 1));
    }
  }

  /** The one that is being written may be there or not. */
  private void verify(DwarfDB db, int i) {
    boolean acknowledged = i < acked.get();
    byte[] found = db.get(key(i));
    boolean good = found == null ? !acknowledged : Arrays.equals(found, EngineMain.value(i));
    check(good, "write " + i + " is not what was acknowledged");
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
  }

  private Path ballast() {
    return memory.resolve("ballast");
  }

  private void takeRoom() throws IOException {
    byte[] page = new byte[4 << 10];
    try (FileChannel out =
        FileChannel.open(ballast(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (true) {
        out.write(ByteBuffer.wrap(page));
      }
    } catch (IOException full) {
      check(memory.toFile().getUsableSpace() == 0, "it is not full: " + full);
    }
  }

  private void makeRoom() throws IOException {
    Files.delete(ballast());
  }

  private static void check(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }
}
