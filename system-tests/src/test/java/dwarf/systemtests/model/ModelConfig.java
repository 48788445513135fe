package dwarf.systemtests.model;

import dwarf.engine.Options;
import dwarf.systemtests.Transports;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One random shape of the system under the model test.
 *
 * @param ownProcess whether the database runs in a process that is killed now and then
 */
record ModelConfig(
    String transport,
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

  private static final String EMBEDDED = "inproc";
  private static final List<String> TRANSPORTS =
      List.of(EMBEDDED, Transports.TCP, EMBEDDED, Transports.SHM, EMBEDDED, Transports.UCX);

  /** Whether memory node and worker are in the process of the database. */
  boolean isEmbedded() {
    return transport.equals(EMBEDDED);
  }

  /** Of a memory node in a process of its own, where there is one. */
  String nodeTransport() {
    return isEmbedded() ? Transports.TCP : transport;
  }

  static ModelConfig random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String wanted = TRANSPORTS.get((int) (seed % TRANSPORTS.size()));
    String transport = Transports.isThere(wanted) ? wanted : Transports.TCP;
    long buffer = (64L << 10) << random.nextInt(3);
    return new ModelConfig(
        transport,
        random.nextInt(4) > 0,
        buffer,
        2 + random.nextInt(6),
        1 + random.nextInt(16),
        1 + random.nextInt(5),
        random.nextInt(6) == 0 ? 0 : buffer * (2 + random.nextInt(12)),
        transport.equals(EMBEDDED) ? 1 : random.nextInt(3),
        1 + random.nextInt(4),
        20 + random.nextInt(400),
        1 + random.nextInt(4000),
        random.nextInt(3) == 0 ? buffer * 4 : 0);
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
