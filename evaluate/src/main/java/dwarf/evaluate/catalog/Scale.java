package dwarf.evaluate.catalog;

/**
 * How large and how long: the same experiments, for a first look or in full.
 *
 * @param writeBufferBytes of one memtable; two are local
 * @param burstEntries written in a burst, which must fit DM
 * @param keys in the key space of writes
 * @param seconds of what runs by time
 * @param warmUpSeconds of each of the two warm-ups before it, for either engine
 * @param storedEntries of data that is read
 * @param operations of YCSB; in full size enough to last longer than the compilers of a new JVM,
 *     which a stock client cannot warm up
 */
record Scale(
    long writeBufferBytes,
    long burstEntries,
    long keys,
    int seconds,
    int warmUpSeconds,
    long storedEntries,
    long operations) {

  static final int LOCAL_MEMTABLES = 2;

  private static final long MIB = 1L << 20;

  /** What a node's path to the storage carries, each way. */
  static final long STORAGE = 40 * MIB;

  static final Scale FULL = new Scale(16 * MIB, 1_000_000, 5_000_000, 8, 4, 200_000, 200_000);
  static final Scale QUICK = new Scale(8 * MIB, 400_000, 2_000_000, 3, 1, 120_000, 10_000);

  long localBytes() {
    return LOCAL_MEMTABLES * writeBufferBytes;
  }

  /** DM of {@code times} the local memory for memtables. */
  long pool(int times) {
    return times * localBytes();
  }

  /** The usual machines: DM of eight times the local memory. */
  Topology single() {
    return Topology.single(pool(8), STORAGE);
  }

  /** What all loads have in common. */
  Load load(String benchmarks) {
    return Load.bench(
            Flags.NONE
                .with("benchmarks", benchmarks)
                .with("num", keys)
                .with("threads", 4)
                .with("key_size", 16)
                .with("value_size", 100)
                .with("write_buffer_size", writeBufferBytes)
                .with("max_write_buffer_number", LOCAL_MEMTABLES)
                .with("bloom_bits", 10)
                .with("cache_size", writeBufferBytes)
                .with("max_background_jobs", 2)
                .with("statistics", true))
        .withOurs("min_write_buffer_number_to_merge", 4);
  }

  /** Writes for some time after a warm-up, and then waits until all is stored and compacted. */
  Load timedWrites(String benchmark) {
    return load(benchmark + "[W2-X1],flush,waitforcompaction")
        .withCommon("duration", seconds)
        .withCommon("warmup_seconds", warmUpSeconds);
  }
}
