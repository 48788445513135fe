package dwarf.engine;

import java.util.Random;

/** One random shape of the system under the model test. */
record ModelConfig(
    String transport,
    long writeBufferSize,
    int writeBuffers,
    int shards,
    int waitingToFlush,
    long poolSize,
    int workers,
    int keys,
    int maxValue,
    long readCache) {

  static ModelConfig random(long seed) {
    Random random = new Random(seed);
    String transport = random.nextBoolean() ? "tcp" : "inproc";
    long buffer = (64L << 10) << random.nextInt(3);
    return new ModelConfig(
        transport,
        buffer,
        4 + random.nextInt(4),
        1 + random.nextInt(16),
        1 + random.nextInt(5),
        random.nextInt(6) == 0 ? 0 : buffer * (2 + random.nextInt(12)),
        transport.equals("tcp") ? random.nextInt(3) : 1,
        20 + random.nextInt(400),
        1 + random.nextInt(4000),
        random.nextInt(3) == 0 ? buffer * 4 : 0);
  }
}
