package dwarf.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TaskCutterTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());

  private static ShardRange shard(int from, int to, long bytes) {
    return new ShardRange(key(from), key(to), bytes);
  }

  private static byte[] key(int n) {
    return new byte[] {(byte) (n >> 8), (byte) n};
  }

  @Test
  void alignedShardsAreCutEvenly() {
    List<ShardRange> shards = new ArrayList<>();
    for (int memtable = 0; memtable < 3; memtable++) {
      for (int i = 0; i < 8; i++) {
        shards.add(shard(i * 100, i * 100 + 99, 1000));
      }
    }
    List<TaskRange> tasks = TaskCutter.cut(shards, 4, 1);
    assertThat(tasks.stream().map(TaskRange::estimatedBytes))
        .containsExactly(6000L, 6000L, 6000L, 6000L);
    assertThat(tasks.get(0).end()).isEqualTo(key(200));
  }

  @Test
  void aJobThatIsSmallOrCannotBeCutStaysWhole() {
    List<ShardRange> one = List.of(shard(1, 900, 1000));
    assertCovers(TaskCutter.cut(one, 8, 1), 1);
    assertCovers(TaskCutter.cut(List.of(), 8, 1), 1);
    assertCovers(TaskCutter.cut(List.of(shard(0, 1, 10), shard(2, 3, 10)), 8, 100), 1);
    assertThatThrownBy(() -> TaskCutter.cut(one, 0, 1)).isInstanceOf(DwarfException.class);
  }

  @Test
  void aRangeKnowsTheShardsItTouches() {
    TaskRange range = new TaskRange(key(100), key(200), 0);
    assertThat(range.touches(shard(0, 99, 1))).isFalse();
    assertThat(range.touches(shard(0, 100, 1))).isTrue();
    assertThat(range.touches(shard(199, 300, 1))).isTrue();
    assertThat(range.touches(shard(200, 300, 1))).isFalse();
    assertThat(new TaskRange(null, null, 0).touches(shard(5, 5, 1))).isTrue();
  }

  @Test
  void randomShardsAreCoveredOnceAndAboutEvenly() {
    System.out.println("seed " + SEED + " (repeat with -Ddwarf.seed=" + SEED + ")");
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      List<ShardRange> shards = new ArrayList<>();
      for (int memtable = 1 + random.nextInt(5); memtable > 0; memtable--) {
        int at = random.nextInt(50);
        for (int i = random.nextInt(12); i > 0; i--) {
          int to = at + random.nextInt(300);
          shards.add(shard(at, to, random.nextInt(10_000)));
          at = to + 1 + random.nextInt(50);
        }
      }
      int max = 1 + random.nextInt(8);
      List<TaskRange> tasks = TaskCutter.cut(shards, max, 1);
      assertThat(tasks.size()).isLessThanOrEqualTo(max);
      assertCovers(tasks, tasks.size());
      long total = shards.stream().mapToLong(ShardRange::bytes).sum();
      assertThat(tasks.stream().mapToLong(TaskRange::estimatedBytes).sum()).isEqualTo(total);
    }
  }

  private static void assertCovers(List<TaskRange> tasks, int count) {
    assertThat(tasks).hasSize(count);
    assertThat(tasks.getFirst().start()).isNull();
    assertThat(tasks.getLast().end()).isNull();
    for (int i = 1; i < tasks.size(); i++) {
      assertThat(tasks.get(i).start()).isSameAs(tasks.get(i - 1).end());
      if (i + 1 < tasks.size()) {
        assertThat(java.util.Arrays.compareUnsigned(tasks.get(i).start(), tasks.get(i).end()))
            .isNegative();
      }
    }
  }
}
