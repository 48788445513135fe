package dwarf.micro;

import dwarf.base.RecordType;
import dwarf.memtable.ImageIdentity;
import dwarf.memtable.MemTable;
import dwarf.memtable.SealPlan;
import dwarf.memtable.SealSpec;
import dwarf.memtable.ShardPolicy;
import dwarf.memtable.SlabPool;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.UUID;

/** Entries of 16-byte keys in random order and 100-byte values, the same in every benchmark. */
final class Entries {

  static final int COUNT = 100_000;
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;
  private static final long SEED = 20;

  final MemorySegment[] keys = new MemorySegment[COUNT];
  final MemorySegment[] missing = new MemorySegment[COUNT];
  final MemorySegment value;

  Entries() {
    Random random = new Random(SEED);
    for (int i = 0; i < COUNT; i++) {
      keys[i] = randomBytes(random, KEY_BYTES);
      missing[i] = randomBytes(random, KEY_BYTES);
    }
    value = randomBytes(random, VALUE_BYTES);
  }

  private static MemorySegment randomBytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }

  /** Bytes of keys and values. */
  static long payloadBytes() {
    return (long) COUNT * (KEY_BYTES + VALUE_BYTES);
  }

  static SlabPool newPool() {
    return new SlabPool(4 * payloadBytes(), 1 << 20);
  }

  MemTable fill(SlabPool pool) {
    MemTable table = new MemTable(pool, 3 * payloadBytes(), 1);
    if (!table.prepare(COUNT * MemTable.recordBytes(KEY_BYTES, VALUE_BYTES), COUNT)) {
      throw new IllegalStateException("the pool is too small");
    }
    for (int i = 0; i < COUNT; i++) {
      table.add(i + 1, RecordType.PUT, keys[i], value);
    }
    table.publish();
    return table;
  }

  static SealPlan seal(MemTable table, int shards) {
    ImageIdentity identity = new ImageIdentity(new UUID(1, 2), 1, 0, 1, 1, COUNT);
    ShardPolicy policy = new ShardPolicy(shards, payloadBytes() / shards);
    return SealPlan.of(table, SealSpec.of(identity, new long[0], policy));
  }
}
