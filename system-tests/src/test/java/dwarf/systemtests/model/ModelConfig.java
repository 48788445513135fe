package dwarf.systemtests.model;

import dwarf.engine.Options;
import dwarf.systemtests.Transport;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One random shape of the system under the model test.
 *
 * @param transport to the memory node; null if it is in the process of the database, like the
 *     worker
 * @param ownProcess whether the database runs in a process that is killed now and then
 */
record ModelConfig(
    Transport transport,
    boolean ownProcess,
    long writeBufferSize,
    int writeBuffers,
    int shards,
    int waitingToFlush,
    long poolSize,
    int workers,
    int families,
    int keys,
    int maxValue,
    long readCache)
    implements Serializable {

  private static final List<Transport> TRANSPORTS = List.of(Transport.values());

  /** Whether memory node and worker are in the process of the database. */
  boolean isEmbedded() {
    return transport == null;
  }

  /** Of a memory node in a process of its own, where there is one. */
  Transport nodeTransport() {
    return isEmbedded() ? Transport.TCP : transport;
  }

  static ModelConfig random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Transport transport = seed % 2 == 0 ? null : transport((int) (seed / 2 % TRANSPORTS.size()));
    long buffer = (64L << 10) << random.nextInt(3);
    return new ModelConfig(
        transport,
        random.nextInt(4) > 0,
        buffer,
        2 + random.nextInt(6),
        1 + random.nextInt(16),
        1 + random.nextInt(5),
        random.nextInt(6) == 0 ? 0 : buffer * (2 + random.nextInt(12)),
        transport == null ? 1 : random.nextInt(3),
        1 + random.nextInt(4),
        20 + random.nextInt(400),
        1 + random.nextInt(4000),
        random.nextInt(3) == 0 ? buffer * 4 : 0);
  }

  private static Transport transport(int number) {
    Transport wanted = TRANSPORTS.get(number);
    return wanted.isThere() ? wanted : Transport.TCP;
  }

  Options options(Path directory, String node) {
    return new Options()
        .setCreateIfMissing(true)
        .setWriteBufferSize(writeBufferSize)
        .setMaxWriteBufferNumber(writeBuffers)
        .setMaxShards(shards)
        .setMinWriteBufferNumberToMerge(waitingToFlush)
        .setPoolSize(poolSize)
        .setReadCacheBytes(readCache)
        .setStorageRoot(directory)
        .setMemoryNode(node);
  }
}
