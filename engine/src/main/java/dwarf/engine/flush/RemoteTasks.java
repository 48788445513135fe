package dwarf.engine.flush;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.engine.commit.Health;
import dwarf.engine.dm.DmNode;
import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.MemtableSource;
import dwarf.protocol.FlushTask;
import dwarf.protocol.MemtableShards;
import dwarf.protocol.Placement;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.SstFileInfo;
import dwarf.protocol.TaskStatus;
import dwarf.storage.SstSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers tasks to the memory node's placement and waits for the workers' results. */
public final class RemoteTasks {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteTasks.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final DmNode node;
  private final Stage stage;
  private final Health health;
  private final Duration patience;
  private final Clock clock;
  private final Leftovers leftovers;

  /**
   * @param patience after which an attempt that still reports progress is given up
   */
  public RemoteTasks(DmNode node, Stage stage, Health health, Duration patience, Clock clock) {
    this.node = node;
    this.stage = stage;
    this.health = health;
    this.patience = patience;
    this.clock = clock;
    this.leftovers = new Leftovers(stage, clock);
  }

  /** One try of one task on some worker. */
  record Attempt(KeyRange range, UUID id, long deadlineNanos) {}

  /** Offers the task; empty if no worker is less loaded than the owner, or the node is away. */
  Optional<Attempt> offer(FlushJob job, KeyRange range, double ownerScore) {
    UUID attempt = UUID.randomUUID();
    FlushTask task =
        new FlushTask(
            node.database(),
            node.epoch(),
            job.family(),
            job.familyName(),
            job.number(),
            range.task(),
            attempt,
            stage.relative(stage.directory()),
            stage.relative(stage.options()),
            range.start(),
            range.end(),
            inputs(job, range));
    try {
      Placement placement = node.client().submit(task, ownerScore);
      return placement.placed()
          ? Optional.of(new Attempt(range, attempt, clock.nanoTime() + patience.toNanos()))
          : Optional.empty();
    } catch (DwarfException e) {
      if (e.kind() == DwarfException.Kind.FENCED) {
        throw e;
      }
      if (e.kind() == DwarfException.Kind.UNAVAILABLE) {
        leftovers.add(attempt);
      }
      LOG.info("no placement for a task of job {}: {}", job.number(), e.getMessage());
      return Optional.empty();
    }
  }

  private static List<MemtableShards> inputs(FlushJob job, KeyRange range) {
    List<MemtableShards> newestFirst = new ArrayList<>();
    for (MemtableSource source : job.oldestFirst().reversed()) {
      List<RemoteShard> shards = new ArrayList<>();
      for (DmShard shard : ((DmSource) source).shards()) {
        if (range.touches(shard)) {
          shards.add(shard.remote());
        }
      }
      if (!shards.isEmpty()) {
        newestFirst.add(
            new MemtableShards(
                source.id().number(), source.id().firstSequence(), source.lastSequence(), shards));
      }
    }
    return newestFirst;
  }

  /** Waits for the attempt; throws if it failed, was lost or took too long. */
  List<SstSummary> await(Attempt attempt) {
    while (true) {
      health.checkOpen();
      switch (node.client().await(attempt.id(), POLL)) {
        case TaskStatus.Done done -> {
          return done.result().files().stream().map(this::summary).toList();
        }
        case TaskStatus.Failed failed ->
            throw DwarfException.unavailable(
                "the worker gave up with " + failed.kind() + ": " + failed.message());
        case TaskStatus.Lost lost ->
            throw DwarfException.unavailable(
                "the worker's lease on attempt " + attempt.id() + " ran out");
        case TaskStatus.Running running -> {
          if (clock.nanoTime() - attempt.deadlineNanos() > 0) {
            throw DwarfException.unavailable("attempt " + attempt.id() + " took too long");
          }
        }
      }
    }
  }

  /**
   * Tells the node that it can forget the attempts; best effort, the node's leases do the rest. For
   * an attempt that is done only after the install: a worker that does not know whether its result
   * arrived hands it in again, and deletes the files if the node does not know the attempt.
   */
  void release(List<Attempt> attempts) {
    for (Attempt attempt : attempts) {
      try {
        node.client().cancel(attempt.id());
      } catch (DwarfException e) {
        LOG.debug("attempts are left to the memory node's leases: {}", e.getMessage());
        return;
      }
    }
  }

  /** Releases attempts whose results will not be used, and has their files removed. */
  void giveUp(List<Attempt> attempts) {
    release(attempts);
    attempts.forEach(attempt -> leftovers.add(attempt.id()));
  }

  /** Removes what given-up attempts have left; to be called now and then. */
  void sweep() {
    leftovers.sweep();
  }

  private SstSummary summary(SstFileInfo info) {
    return new SstSummary(
        stage.reported(info.name()),
        info.bytes(),
        info.entries(),
        info.smallest(),
        info.largest(),
        info.crc32c());
  }
}
