package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.base.RecordType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardCutTest {

  @Test
  void shardsAreBalancedWhateverTheKeysLookLike() {
    Random random = Seeds.random("shardsAreBalancedWhateverTheKeysLookLike");
    assertBalanced(random, i -> bytes(random, 16), i -> 100);
    assertBalanced(random, i -> Rec.bytes(String.format("user%010d", i)), i -> 100);
    assertBalanced(random, i -> Rec.bytes("https://example.org/a/b/c/" + i), i -> i % 300);
    assertBalanced(random, i -> bytes(random, 1 + random.nextInt(3)), i -> 20);
    assertBalanced(random, i -> integerKey((int) Math.pow(2, random.nextDouble() * 30)), i -> 50);
    assertBalanced(random, i -> integerKey(i), i -> i < 1_000 ? 2_000 : 10);
  }

  private static void assertBalanced(
      Random random, IntFunction<byte[]> keys, IntFunction<Integer> valueBytes) {
    List<Rec> all = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      byte[] value = new byte[valueBytes.apply(i)];
      all.add(new Rec(keys.apply(i), i + 1, RecordType.PUT, value));
    }
    all.sort(null);
    int shards = 2 + random.nextInt(7);
    SealPlan plan = SealPlan.of(new ListRecords(all), Images.spec(shards, 4096));
    assertThat(plan.shardCount()).isEqualTo(shards);
    long[] bytes = IntStream.range(0, shards).mapToLong(plan::imageBytes).toArray();
    double average = Arrays.stream(bytes).average().orElseThrow();
    for (long shard : bytes) {
      assertThat((double) shard).isBetween(0.9 * average, 1.1 * average);
    }
  }

  @Test
  void aDominatingKeyCostsBalanceOnlyInItsOwnShard() {
    for (int place : new int[] {0, 37, 500, 998, 999}) {
      List<Rec> all = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        byte[] value = new byte[i == place ? 100_000 : 100];
        all.add(new Rec(integerKey(i), i + 1, RecordType.PUT, value));
      }
      SealPlan plan = SealPlan.of(new ListRecords(all), Images.spec(8, 4096));
      int shards = plan.shardCount();
      assertThat(shards).isBetween(6, 8);
      long[] bytes = IntStream.range(0, shards).mapToLong(plan::imageBytes).sorted().toArray();
      assertThat(bytes[shards - 2]).isLessThan(30_000);
    }
  }

  @Test
  void allVersionsOfAKeyAreInOneShard() {
    List<Rec> all = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      all.add(Rec.put("k" + i % 3, i + 1, "value " + i));
    }
    all.sort(null);
    long[] everyone = IntStream.rangeClosed(1, 3_000).asLongStream().toArray();
    List<MemorySegment> images = Images.seal(all, Images.spec(8, 256, everyone));
    assertThat(images).hasSize(3);
    for (MemorySegment image : images) {
      ShardIndex index = Images.reader(image).index();
      assertThat(index.keys()).isEqualTo(1);
      assertThat(index.entries()).isEqualTo(1_000);
    }
  }

  @Test
  void fewerKeysThanShardsMakeFewerShardsAndNeverEmptyOnes() {
    assertThat(Images.seal(List.of(), Images.spec(8, 4096))).isEmpty();
    assertThat(Images.seal(List.of(Rec.delete("only", 1)), Images.spec(64, 4096))).hasSize(1);
    for (int keys = 1; keys <= 70; keys++) {
      List<Rec> all = new ArrayList<>();
      for (int i = 0; i < keys; i++) {
        all.add(Rec.put(String.format("key%03d", i), i + 1, "v"));
      }
      List<MemorySegment> images = Images.seal(all, Images.spec(64, 4096));
      assertThat(images.size()).isLessThanOrEqualTo(Math.min(64, keys)).isGreaterThan(keys / 3);
      List<Rec> read = new ArrayList<>();
      images.forEach(image -> read.addAll(Images.read(image)));
      assertThat(read).isEqualTo(all);
    }
  }

  @Test
  void theNumberOfShardsFollowsTheTargetSize() {
    ShardPolicy policy = new ShardPolicy(16, 1_000);
    assertThat(policy.shardsFor(0)).isEqualTo(1);
    assertThat(policy.shardsFor(1_000)).isEqualTo(1);
    assertThat(policy.shardsFor(1_001)).isEqualTo(2);
    assertThat(policy.shardsFor(1L << 40)).isEqualTo(16);
  }

  @Test
  void versionsNobodySeesAreDropped() {
    List<Rec> all = new ArrayList<>();
    for (int sequence = 10; sequence >= 1; sequence--) {
      all.add(sequence == 7 ? Rec.delete("k", 7) : Rec.put("k", sequence, "v" + sequence));
    }
    assertThat(sequences(all)).containsExactly(10L);
    assertThat(sequences(all, 7)).containsExactly(10L, 7L);
    assertThat(sequences(all, 3, 4, 9)).containsExactly(10L, 9L, 4L, 3L);
    assertThat(sequences(all, 0, 10, 50)).containsExactly(10L);
  }

  private static List<Long> sequences(List<Rec> all, long... snapshots) {
    MemorySegment image = Images.seal(all, Images.spec(1, 4096, snapshots)).getFirst();
    return Images.read(image).stream().map(rec -> rec.sequence).toList();
  }

  @Test
  void shardsGatheredTwiceOrInParallelAreTheSameBytes() {
    List<Rec> all = Images.random(Seeds.random("shardsGatheredInParallel"), 5_000, 3_000, 50);
    SealPlan plan = SealPlan.of(new ListRecords(all), Images.spec(8, 512));
    List<MemorySegment> first =
        IntStream.range(0, 8).parallel().mapToObj(i -> gather(plan, i)).toList();
    for (int i = 0; i < 8; i++) {
      assertThat(first.get(i).mismatch(gather(plan, i))).isEqualTo(-1);
    }
  }

  private static MemorySegment gather(SealPlan plan, int shard) {
    MemorySegment image = Arena.ofAuto().allocate(plan.imageBytes(shard), 8);
    plan.gather(shard, image);
    return image;
  }

  @Test
  void imagesBeyondTwoGibibytesHaveLongOffsets() {
    int values = 5;
    List<Rec> keys = new ArrayList<>();
    IntStream.range(0, values).forEach(i -> keys.add(Rec.put("key" + i, i + 1, "")));
    SortedRecords huge = new Huge(new ListRecords(keys));
    SealPlan plan = SealPlan.of(huge, Images.spec(1, 4096));
    assertThat(plan.imageBytes(0)).isBetween(values * (1L << 30), values * (1L << 30) + (1L << 20));
    assertThat(ImageFormat.MAX_BLOCK_LENGTH).isGreaterThan(1 << 30);
  }

  /** Records whose values are as long as can be, and are never looked at. */
  private record Huge(SortedRecords keys) implements SortedRecords {
    @Override
    public int count() {
      return keys.count();
    }

    @Override
    public MemorySegment key(int i) {
      return keys.key(i);
    }

    @Override
    public int keyLength(int i) {
      return keys.keyLength(i);
    }

    @Override
    public boolean sameKey(int i) {
      return keys.sameKey(i);
    }

    @Override
    public long sequence(int i) {
      return keys.sequence(i);
    }

    @Override
    public RecordType type(int i) {
      return keys.type(i);
    }

    @Override
    public MemorySegment value(int i) {
      throw new UnsupportedOperationException("a plan looks at lengths only");
    }

    @Override
    public int valueLength(int i) {
      return Limits.MAX_VALUE_BYTES;
    }
  }

  @Test
  void badRequestsAreRefused() {
    SealPlan plan = SealPlan.of(new ListRecords(List.of(Rec.put("k", 1, "v"))), Images.spec(1, 64));
    MemorySegment tooLong = Arena.ofAuto().allocate(plan.imageBytes(0) + 8);
    assertInvalid(() -> plan.gather(0, tooLong), "needs a target of");
    assertInvalid(() -> new ShardPolicy(0, 1), "1 to 64 shards");
    assertInvalid(() -> new ShardPolicy(65, 1), "1 to 64 shards");
    assertInvalid(() -> Images.spec(1, 63), "blocks hold");
    assertInvalid(() -> Images.spec(1, 4096, 4, 4), "strictly ascending");
    assertInvalid(() -> Images.identity(0, 5), "covers sequences");
    ShardPolicy one = new ShardPolicy(1, 1);
    assertInvalid(
        () -> new SealSpec(Images.identity(1, 2), new long[0], one, 4096, Double.NaN), "filter");
    Rec merge = new Rec(Rec.bytes("k"), 1, RecordType.MERGE, new byte[1]);
    assertThatThrownBy(() -> SealPlan.of(new ListRecords(List.of(merge)), Images.spec(1, 4096)))
        .hasMessageContaining("MERGE");
  }

  private static void assertInvalid(Runnable action, String message) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.INVALID_ARGUMENT))
        .hasMessageContaining(message);
  }

  private static byte[] integerKey(int i) {
    return new byte[] {(byte) (i >>> 24), (byte) (i >>> 16), (byte) (i >>> 8), (byte) i};
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
