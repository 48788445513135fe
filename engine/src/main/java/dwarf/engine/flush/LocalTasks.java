package dwarf.engine.flush;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.engine.dm.DmNode;
import dwarf.engine.dm.Signals;
import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.LogSource;
import dwarf.engine.view.MemtableSource;
import dwarf.jobs.FlushInput;
import dwarf.jobs.FlushRunner;
import dwarf.jobs.SstSink;
import dwarf.memtable.BlockSource;
import dwarf.memtable.ShardReader;
import dwarf.storage.SstStore;
import dwarf.storage.SstSummary;
import dwarf.storage.SstWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Runs flush tasks in the owner's own process, from local logs or from disaggregated memory. */
public final class LocalTasks {

  /** Shards up to this size are fetched whole; larger ones are read block by block. */
  private static final long WHOLE_IMAGE_BYTES = 32 << 20;

  private static final double OWN_SLOTS = 1;

  private final DmNode node;
  private final SstStore store;
  private final Stage stage;
  private final Signals signals;
  private final long targetFileBytes;
  private volatile int running;

  public LocalTasks(
      DmNode node, SstStore store, Stage stage, Signals signals, long targetFileBytes) {
    this.node = node;
    this.store = store;
    this.signals = signals;
    this.stage = stage;
    this.targetFileBytes = targetFileBytes;
  }

  /** The owner's load if it ran one more task: an engine's cores serve its clients first. */
  double score() {
    return (running + 1) / OWN_SLOTS;
  }

  List<SstSummary> run(FlushJob job, KeyRange range) {
    List<Cursor> newestFirst = new ArrayList<>();
    running = 1;
    try {
      for (MemtableSource source : job.oldestFirst().reversed()) {
        newestFirst.add(open(source));
      }
      return FlushRunner.run(
          new FlushInput(newestFirst, range.startSegment(), range.endSegment(), job.sequences()),
          new StagedFiles(job, range, UUID.randomUUID()),
          (read, written) -> signals.health().checkOpen());
    } catch (DwarfException e) {
      suspectDamaged(job, e);
      throw e;
    } finally {
      running = 0;
      newestFirst.forEach(Cursor::close);
    }
  }

  /** What is damaged in DM must be rebuilt, or no try would ever succeed. */
  private void suspectDamaged(FlushJob job, DwarfException why) {
    if (why.kind() != DwarfException.Kind.CORRUPTION) {
      return;
    }
    for (MemtableSource source : job.oldestFirst()) {
      if (source instanceof DmSource dm) {
        node.suspect(dm, why);
      }
    }
  }

  private Cursor open(MemtableSource source) {
    return switch (source) {
      case LogSource log -> log.table().cursor();
      case DmSource dm -> new FetchedShards(dm.shards(), this::openShard);
    };
  }

  private Cursor openShard(DmShard shard) {
    BlockSource blocks =
        shard.remote().bytes() <= WHOLE_IMAGE_BYTES
            ? ShardReader.over(node.readImage(shard.remote()))
            : node.blocks(shard.remote(), nanos -> {});
    return new ShardReader(shard.index(), blocks).cursor();
  }

  /** Writes the files of one attempt into the stage. */
  private final class StagedFiles implements SstSink {

    private final FlushJob job;
    private final KeyRange range;
    private final UUID attempt;

    StagedFiles(FlushJob job, KeyRange range, UUID attempt) {
      this.job = job;
      this.range = range;
      this.attempt = attempt;
    }

    @Override
    public SstWriter open(int ordinal) {
      Path file = stage.newFile(job, range.task(), attempt, ordinal);
      return store.openWriter(job.family(), file);
    }

    @Override
    public long targetFileBytes() {
      return targetFileBytes;
    }

    @Override
    public void finished(SstSummary file) {
      signals.steps().reached("flush.file-written");
    }

    @Override
    public void discard(SstSummary file) {
      stage.delete(file.file());
    }
  }
}
