package dwarf.engine.flush;

import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.MemtableSource;
import dwarf.jobs.ShardRange;
import dwarf.jobs.TaskCutter;
import dwarf.jobs.TaskRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** One task of a job: its number and its key range. */
record KeyRange(int task, TaskRange range) {

  /** A task smaller than this is not worth a file of its own. */
  private static final long LEAST_BYTES = 256 << 10;

  /** Cuts the job at shard boundaries into at most so many ranges of about equal bytes. */
  static List<KeyRange> cut(FlushJob job, int maxTasks) {
    List<ShardRange> shards = new ArrayList<>();
    for (MemtableSource source : job.oldestFirst()) {
      if (source instanceof DmSource dm) {
        dm.shards().forEach(shard -> shards.add(rangeOf(shard)));
      }
    }
    List<KeyRange> tasks = new ArrayList<>();
    for (TaskRange range : TaskCutter.cut(shards, maxTasks, LEAST_BYTES)) {
      tasks.add(new KeyRange(tasks.size(), range));
    }
    return tasks;
  }

  boolean touches(DmShard shard) {
    return range.touches(rangeOf(shard));
  }

  byte[] start() {
    return range.start();
  }

  byte[] end() {
    return range.end();
  }

  MemorySegment startSegment() {
    return range.start() == null ? null : MemorySegment.ofArray(range.start());
  }

  MemorySegment endSegment() {
    return range.end() == null ? null : MemorySegment.ofArray(range.end());
  }

  private static ShardRange rangeOf(DmShard shard) {
    return new ShardRange(
        shard.index().smallestKey().toArray(ValueLayout.JAVA_BYTE),
        shard.index().largestKey().toArray(ValueLayout.JAVA_BYTE),
        shard.index().imageBytes());
  }
}
