package dwarf.jobs;

import dwarf.base.DwarfException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a flush job into key ranges of about equal size. Cuts are made only where some shard begins,
 * because a shard's inside is not known here; a shard that lies across a cut counts half on each
 * side. The ranges cover all keys, ascend and do not overlap, so every record belongs to exactly
 * one task.
 */
public final class TaskCutter {

  private TaskCutter() {}

  /**
   * The tasks of a job, by ascending key.
   *
   * @param shards of all memtables of the job
   * @param maxTasks at least 1; fewer come out if the shards do not allow that many cuts, or if a
   *     task would have less than {@code leastBytes}
   */
  public static List<TaskRange> cut(List<ShardRange> shards, int maxTasks, long leastBytes) {
    if (maxTasks < 1) {
      throw DwarfException.invalid("a job is cut into at least 1 task, not " + maxTasks);
    }
    long total = shards.stream().mapToLong(ShardRange::bytes).sum();
    long tasks = Math.clamp(total / Math.max(1, leastBytes), 1, maxTasks);
    List<byte[]> candidates = candidates(shards);
    List<TaskRange> ranges = new ArrayList<>();
    byte[] start = null;
    long startBytes = 0;
    int from = 0;
    for (long task = 1; task < tasks; task++) {
      int best = closest(candidates, from, shards, total * ((double) task / tasks));
      if (best < 0) {
        break;
      }
      byte[] end = candidates.get(best);
      long endBytes = bytesBelow(shards, end);
      ranges.add(new TaskRange(start, end, endBytes - startBytes));
      start = end;
      startBytes = endBytes;
      from = best + 1;
    }
    ranges.add(new TaskRange(start, null, total - startBytes));
    return ranges;
  }

  /** The keys at which shards begin, ascending, each once, without the first of all. */
  private static List<byte[]> candidates(List<ShardRange> shards) {
    List<byte[]> sorted =
        new ArrayList<>(
            shards.stream().map(ShardRange::smallest).sorted(Arrays::compareUnsigned).toList());
    List<byte[]> distinct = new ArrayList<>();
    for (int i = 1; i < sorted.size(); i++) {
      if (!Arrays.equals(sorted.get(i), sorted.get(i - 1))) {
        distinct.add(sorted.get(i));
      }
    }
    return distinct;
  }

  private static int closest(
      List<byte[]> candidates, int from, List<ShardRange> shards, double wanted) {
    int best = -1;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (int i = from; i < candidates.size(); i++) {
      double distance = Math.abs(bytesBelow(shards, candidates.get(i)) - wanted);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = i;
      }
    }
    return best;
  }

  private static long bytesBelow(List<ShardRange> shards, byte[] key) {
    long below = 0;
    for (ShardRange shard : shards) {
      if (Arrays.compareUnsigned(shard.largest(), key) < 0) {
        below += shard.bytes();
      } else if (Arrays.compareUnsigned(shard.smallest(), key) < 0) {
        below += shard.bytes() / 2;
      }
    }
    return below;
  }
}
