package dwarf.cli.fabric;

import dwarf.base.Lookup;
import dwarf.base.RecordType;
import dwarf.memtable.BlockSource;
import dwarf.memtable.ImageIdentity;
import dwarf.memtable.LookupKey;
import dwarf.memtable.MemTable;
import dwarf.memtable.SealPlan;
import dwarf.memtable.SealSpec;
import dwarf.memtable.ShardIndex;
import dwarf.memtable.ShardPolicy;
import dwarf.memtable.ShardReader;
import dwarf.memtable.SlabPool;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * A sealed memtable as a memory node keeps it, and the one-sided search in it that the engine does:
 * the index is here, one block is fetched, verified by its CRC32C, and searched.
 */
final class SampleShard {

  /** An image has fewer bytes. */
  static final int MOST_BYTES = 4 << 20;

  private static final int RECORDS = 20_000;
  private static final int VALUE_BYTES = 100;
  private static final long SEED = 42;

  private SampleShard() {}

  /** Writes an image; returns its length. */
  static long write(MemorySegment target) {
    try (SlabPool pool = new SlabPool(2L * MOST_BYTES, 1 << 20)) {
      MemTable table = new MemTable(pool, MOST_BYTES, 1);
      byte[] value = new byte[VALUE_BYTES];
      Random random = new Random(SEED);
      for (int i = 0; i < RECORDS; i++) {
        MemorySegment key = key(i);
        random.nextBytes(value);
        if (!table.prepare(MemTable.recordBytes((int) key.byteSize(), VALUE_BYTES), 1)) {
          throw new IllegalStateException("the sample is too large for its memtable");
        }
        table.add(1 + i, RecordType.PUT, key, MemorySegment.ofArray(value));
        table.publish();
      }
      ImageIdentity identity = new ImageIdentity(new UUID(1, 2), 1, 1, 1, 1, RECORDS);
      SealPlan plan =
          SealPlan.of(table, SealSpec.of(identity, new long[0], new ShardPolicy(1, MOST_BYTES)));
      long bytes = plan.imageBytes(0);
      plan.gather(0, target.asSlice(0, bytes));
      table.release();
      return bytes;
    }
  }

  private static MemorySegment key(int number) {
    return MemorySegment.ofArray(
        String.format("user%012d", number).getBytes(StandardCharsets.US_ASCII));
  }

  /** How a part of the image is fetched. */
  interface Fetch {
    CompletableFuture<Void> read(long offset, MemorySegment target);
  }

  /** Looks a random key up, each time it is called. */
  static Measurement.Operation search(long imageBytes, Fetch fetch) {
    ShardReader reader =
        reader(
            imageBytes,
            (offset, length) -> {
              MemorySegment block = MemorySegment.ofArray(new byte[length]);
              Measurement.await(fetch.read(offset, block));
              return block;
            });
    LookupKey[] keys = new LookupKey[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
      keys[i] = LookupKey.of(key(i));
    }
    Random random = new Random(SEED);
    Lookup found = new Lookup();
    return () -> {
      if (!reader.get(keys[random.nextInt(RECORDS)], RECORDS, found)) {
        throw new IllegalStateException("a key of the sample was not found");
      }
      return CompletableFuture.completedFuture(null);
    };
  }

  private static ShardReader reader(long imageBytes, BlockSource source) {
    return new ShardReader(ShardIndex.load(source, imageBytes), source);
  }
}
