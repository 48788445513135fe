package dwarf.memtable;

import dwarf.base.RecordType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** What tests of images share: memtables to seal, and the sealed result. */
final class Images {

  static final UUID DATABASE = new UUID(0x1112131415161718L, 0x2122232425262728L);

  private Images() {}

  static ImageIdentity identity(long first, long last) {
    return new ImageIdentity(DATABASE, 3, 5, 77, first, last);
  }

  static SealSpec spec(int shards, int blockBytes, long... snapshots) {
    ShardPolicy policy = new ShardPolicy(shards, 1);
    return new SealSpec(identity(1, 1L << 40), snapshots, policy, blockBytes, 10);
  }

  /** Seals, gathers every shard into memory full of old bytes, and verifies it. */
  static List<MemorySegment> seal(List<Rec> sorted, SealSpec spec) {
    SealPlan plan = SealPlan.of(new ListRecords(sorted), spec);
    List<MemorySegment> images = new ArrayList<>();
    for (int shard = 0; shard < plan.shardCount(); shard++) {
      MemorySegment image = Arena.ofAuto().allocate(plan.imageBytes(shard), 8);
      image.fill((byte) 0xa5);
      plan.gather(shard, image);
      ShardIndex.verify(image);
      images.add(image);
    }
    return images;
  }

  static ShardReader reader(MemorySegment image) {
    BlockSource source = ShardReader.over(image);
    return new ShardReader(ShardIndex.load(source, image.byteSize()), source);
  }

  static List<Rec> read(MemorySegment image) {
    List<Rec> records = new ArrayList<>();
    try (VersionedCursor cursor = reader(image).cursor()) {
      for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
        records.add(Rec.at(cursor));
      }
    }
    return records;
  }

  /** Records with sequences 1..count, keys from a pool, sorted. */
  static List<Rec> random(Random random, int count, int keys, int valueBytes) {
    byte[][] pool = new byte[keys][];
    for (int i = 0; i < keys; i++) {
      pool[i] = new byte[random.nextInt(24)];
      random.nextBytes(pool[i]);
    }
    List<Rec> records = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      RecordType type =
          switch (random.nextInt(8)) {
            case 0 -> RecordType.DELETE;
            case 1 -> RecordType.SINGLE_DELETE;
            default -> RecordType.PUT;
          };
      byte[] value = new byte[type == RecordType.PUT ? random.nextInt(valueBytes + 1) : 0];
      random.nextBytes(value);
      records.add(new Rec(pool[random.nextInt(keys)], i, type, value));
    }
    records.sort(null);
    return records;
  }

  /** What a seal keeps, said in the plainest way: the newest, and what each snapshot sees. */
  static List<Rec> kept(List<Rec> sorted, long... snapshots) {
    TreeMap<Rec, Rec> kept = new TreeMap<>();
    TreeMap<Rec, Rec> all = new TreeMap<>();
    sorted.forEach(rec -> all.put(rec, rec));
    for (Rec rec : sorted) {
      Rec newest = all.ceilingKey(new Rec(rec.key, Long.MAX_VALUE, rec.type, rec.value));
      kept.put(newest, newest);
      for (long snapshot : snapshots) {
        Rec seen = all.ceilingKey(new Rec(rec.key, snapshot, rec.type, rec.value));
        if (seen != null && Arrays.equals(seen.key, rec.key)) {
          kept.put(seen, seen);
        }
      }
    }
    return new ArrayList<>(kept.keySet());
  }
}
