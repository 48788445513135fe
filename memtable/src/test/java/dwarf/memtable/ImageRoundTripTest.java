package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Cursor;
import dwarf.base.Limits;
import dwarf.base.Lookup;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ImageRoundTripTest {

  @Test
  void imagesHoldWhatTheMemtableHeld() {
    Random random = Seeds.random("imagesHoldWhatTheMemtableHeld");
    for (int round = 0; round < 100; round++) {
      List<Rec> all = Images.random(random, random.nextInt(400), 1 + random.nextInt(100), 60);
      long[] snapshots = snapshots(random, all.size());
      SealSpec spec = Images.spec(1 + random.nextInt(8), 64 << random.nextInt(5), snapshots);
      List<Rec> kept = Images.kept(all, snapshots);
      List<Rec> read = new ArrayList<>();
      List<MemorySegment> images = Images.seal(all, spec);
      for (int shard = 0; shard < images.size(); shard++) {
        List<Rec> part = Images.read(images.get(shard));
        checkIndex(Images.reader(images.get(shard)).index(), shard, images.size(), part);
        checkReads(Images.reader(images.get(shard)), part, random);
        read.addAll(part);
      }
      assertThat(read).isEqualTo(kept);
    }
  }

  private static long[] snapshots(Random random, int most) {
    return random.longs(random.nextInt(4), 0, most + 2L).distinct().sorted().toArray();
  }

  private static void checkIndex(ShardIndex index, int shard, int shards, List<Rec> part) {
    assertThat(index.identity()).isEqualTo(Images.identity(1, 1L << 40));
    assertThat(index.shard()).isEqualTo(shard);
    assertThat(index.shardCount()).isEqualTo(shards);
    assertThat(index.entries()).isEqualTo(part.size());
    assertThat(index.smallestKey().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(part.getFirst().key);
    assertThat(index.largestKey().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(part.getLast().key);
    long[] sequences = part.stream().mapToLong(rec -> rec.sequence).sorted().toArray();
    assertThat(index.smallestSequence()).isEqualTo(sequences[0]);
    assertThat(index.largestSequence()).isEqualTo(sequences[sequences.length - 1]);
  }

  private static void checkReads(ShardReader reader, List<Rec> part, Random random) {
    TreeMap<Rec, Rec> model = new TreeMap<>();
    part.forEach(rec -> model.put(rec, rec));
    List<byte[]> targets = targets(part, random);
    Lookup out = new Lookup();
    for (byte[] key : targets) {
      long sequence = random.nextInt(420);
      checkGet(reader, model, new Rec(key, sequence, RecordType.PUT, new byte[0]), out);
    }
    try (Cursor cursor = reader.cursor()) {
      CursorWalk.compare(cursor, new ListCursor(part), targets, random, 100);
    }
    try (VersionedCursor cursor = reader.cursor()) {
      for (byte[] key : targets) {
        long sequence = random.nextInt(420);
        cursor.seekVersion(MemorySegment.ofArray(key), sequence);
        Rec expected = model.ceilingKey(new Rec(key, sequence, RecordType.PUT, new byte[0]));
        assertThat(cursor.isValid() ? Rec.at(cursor) : null).isEqualTo(expected);
      }
    }
  }

  private static void checkGet(
      ShardReader reader, NavigableMap<Rec, Rec> model, Rec target, Lookup out) {
    Rec expected = model.ceilingKey(target);
    boolean present = expected != null && Arrays.equals(expected.key, target.key);
    boolean isFinal =
        reader.get(LookupKey.of(MemorySegment.ofArray(target.key)), target.sequence, out);
    assertThat(isFinal).isEqualTo(present);
    if (!present) {
      assertThat(out.state()).isEqualTo(Lookup.State.ABSENT);
    } else if (expected.type.isDeletion()) {
      assertThat(out.state()).isEqualTo(Lookup.State.DELETED);
      assertThat(out.sequence()).isEqualTo(expected.sequence);
    } else {
      assertThat(out.state()).isEqualTo(Lookup.State.FOUND);
      assertThat(out.sequence()).isEqualTo(expected.sequence);
      assertThat(out.value().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected.value);
    }
  }

  private static List<byte[]> targets(List<Rec> part, Random random) {
    List<byte[]> targets = new ArrayList<>(List.of(new byte[0], new byte[] {-1, -1}));
    for (Rec rec : part) {
      targets.add(rec.key);
      targets.add(Arrays.copyOf(rec.key, rec.key.length + 1));
      targets.add(Arrays.copyOf(rec.key, random.nextInt(rec.key.length + 1)));
    }
    return targets;
  }

  @Test
  void aPointReadReadsOneBlockAndAnIndexIsLoadedInTwoReads() {
    List<Rec> all = new ArrayList<>();
    for (int version = 5_000; version > 0; version--) {
      all.add(Rec.put("hot", version, "value of version " + version));
    }
    for (int i = 0; i < 5_000; i++) {
      all.add(Rec.put(String.format("key%06d", i), 6_000 + i, "v" + i));
    }
    all.sort(null);
    long[] everyVersion = LongStream.rangeClosed(1, 5_000).toArray();
    MemorySegment image = Images.seal(all, Images.spec(1, 512, everyVersion)).getFirst();
    AtomicInteger reads = new AtomicInteger();
    BlockSource counting =
        (offset, length) -> {
          reads.incrementAndGet();
          return ShardReader.over(image).read(offset, length);
        };
    ShardIndex index = ShardIndex.load(counting, image.byteSize());
    assertThat(reads.getAndSet(0)).isEqualTo(2);
    assertThat(index.memoryBytes()).isLessThan(image.byteSize() / 5);
    ShardReader reader = new ShardReader(index, counting);
    Lookup out = new Lookup();
    for (int version = 1; version <= 5_000; version += 7) {
      assertThat(reader.get(LookupKey.of(Rec.segment("hot")), version, out)).isTrue();
      assertThat(out.sequence()).isEqualTo(version);
      assertThat(reads.getAndSet(0)).isEqualTo(1);
    }
    assertThat(reader.get(LookupKey.of(Rec.segment("hot")), 0, out)).isFalse();
    assertThat(reader.get(LookupKey.of(Rec.segment("no such key")), 9_000, out)).isFalse();
    assertThat(reads.get()).isZero();
  }

  @Test
  void longKeysAndValuesHaveBlocksOfTheirOwn() {
    byte[] longKey = new byte[Limits.MAX_KEY_BYTES];
    Arrays.fill(longKey, (byte) 'k');
    byte[] otherLongKey = longKey.clone();
    otherLongKey[longKey.length - 1]++;
    byte[] longValue = new byte[3 << 20];
    new Random(1).nextBytes(longValue);
    List<Rec> all = new ArrayList<>();
    all.add(Rec.put("a", 1, "small"));
    all.add(new Rec(Rec.bytes("b"), 2, RecordType.PUT, longValue));
    all.add(Rec.put("c", 3, "small"));
    all.add(new Rec(longKey, 4, RecordType.DELETE, new byte[0]));
    all.add(new Rec(otherLongKey, 5, RecordType.PUT, longValue));
    all.add(new Rec(new byte[0], 6, RecordType.PUT, Rec.bytes("the empty key")));
    all.sort(null);
    MemorySegment image = Images.seal(all, Images.spec(1, 4096)).getFirst();
    assertThat(Images.read(image)).isEqualTo(all);
    assertThat(Images.reader(image).index().blocks()).isEqualTo(5);
    checkReads(Images.reader(image), all, Seeds.random("longKeysAndValues"));
  }

  @Test
  void indexStaysSmallWithLongKeys() {
    List<Rec> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] key = new byte[8_000];
      new Random(i).nextBytes(key);
      all.add(new Rec(key, i + 1, RecordType.PUT, new byte[10]));
    }
    all.sort(null);
    MemorySegment image = Images.seal(all, Images.spec(1, 4096)).getFirst();
    assertThat(Images.reader(image).index().memoryBytes()).isLessThan(30_000);
    assertThat(Images.read(image)).isEqualTo(all);
  }

  @Test
  void overheadIsBelowTenPercentWithIndexAndFilter() {
    Random random = Seeds.random("overheadIsBelowTenPercentWithIndexAndFilter");
    List<Rec> all = new ArrayList<>();
    long payload = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] key = new byte[16];
      random.nextBytes(key);
      all.add(new Rec(key, 1_000_000 + i, RecordType.PUT, new byte[100]));
      payload += 116;
    }
    all.sort(null);
    ShardPolicy policy = new ShardPolicy(8, 1 << 20);
    SealSpec spec = SealSpec.of(Images.identity(1_000_000, 2_000_000), new long[0], policy);
    SealPlan plan = SealPlan.of(new ListRecords(all), spec);
    long bytes = 0;
    for (int i = 0; i < plan.shardCount(); i++) {
      bytes += plan.imageBytes(i);
    }
    System.out.println("image bytes / payload bytes = " + (double) bytes / payload);
    assertThat((double) bytes).isLessThan(1.1 * payload);
  }
}
