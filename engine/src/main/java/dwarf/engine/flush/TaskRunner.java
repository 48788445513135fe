package dwarf.engine.flush;

import dwarf.base.DwarfException;
import dwarf.engine.dm.DmNode;
import dwarf.engine.dm.Signals;
import dwarf.engine.stats.Counter;
import dwarf.storage.SstSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the key-range tasks of a job done: each is offered to the memory node for placement on a
 * worker; what no worker takes, and what a worker does not finish, the owner runs itself.
 *
 * <p>T1. Either all files of the job come back, or none is left behind and the job fails. T2. Every
 * attempt has its own id and its own file names; the result of an attempt that was given up is
 * never looked at. T3. The memory node keeps no attempt longer than the job takes.
 */
public final class TaskRunner {

  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final DmNode node;
  private final Stage stage;
  private final LocalTasks local;
  private final RemoteTasks remote;
  private final Signals signals;
  private final int maxTasks;

  /**
   * @param node null if there is no disaggregated memory
   */
  public TaskRunner(
      DmNode node,
      Stage stage,
      LocalTasks local,
      RemoteTasks remote,
      Signals signals,
      int maxTasks) {
    this.node = node;
    this.stage = stage;
    this.local = local;
    this.remote = remote;
    this.signals = signals;
    this.maxTasks = maxTasks;
  }

  /**
   * What a finished job has made.
   *
   * @param files in key order
   * @param attempts what the memory node still knows of it, see {@link #release}
   */
  record Output(List<SstSummary> files, List<RemoteTasks.Attempt> attempts) {

    long bytes() {
      return files.stream().mapToLong(SstSummary::bytes).sum();
    }
  }

  Output run(FlushJob job) throws InterruptedException {
    boolean remoteCapable =
        node != null && node.isUsable() && job.isAllInDm() && !job.isCutInTime();
    List<KeyRange> ranges = KeyRange.cut(job, remoteCapable ? maxTasks : 1);
    List<RemoteTasks.Attempt> placed = remoteCapable ? place(job, ranges) : List.of();
    List<SstSummary> files = new ArrayList<>();
    try {
      for (KeyRange range : ranges) {
        if (placed.stream().noneMatch(attempt -> attempt.range().equals(range))) {
          files.addAll(runLocally(job, range));
        }
      }
      for (RemoteTasks.Attempt attempt : placed) {
        files.addAll(finish(job, attempt));
      }
    } catch (DwarfException | InterruptedException e) {
      files.forEach(file -> stage.delete(file.file()));
      remote.giveUp(placed);
      throw e;
    }
    files.sort((a, b) -> Arrays.compareUnsigned(a.smallest(), b.smallest()));
    return new Output(files, placed);
  }

  /** Ends the job's attempts at the memory node; its files are installed, or not needed (T3). */
  void release(Output output) {
    remote.release(output.attempts());
  }

  /** Removes what attempts that were given up have left in the stage; to be called often. */
  void sweep() {
    remote.sweep();
  }

  private List<RemoteTasks.Attempt> place(FlushJob job, List<KeyRange> ranges) {
    List<RemoteTasks.Attempt> placed = new ArrayList<>();
    for (KeyRange range : ranges) {
      remote.offer(job, range, local.score()).ifPresent(placed::add);
    }
    signals.steps().reached("flush.placed");
    return placed;
  }

  private List<SstSummary> runLocally(FlushJob job, KeyRange range) {
    List<SstSummary> files = local.run(job, range);
    signals.statistics().increment(Counter.FLUSH_TASKS_LOCAL);
    return files;
  }

  private List<SstSummary> finish(FlushJob job, RemoteTasks.Attempt attempt)
      throws InterruptedException {
    try {
      List<SstSummary> files = remote.await(attempt);
      signals.statistics().increment(Counter.FLUSH_TASKS_REMOTE);
      return files;
    } catch (DwarfException e) {
      if (e.kind() == DwarfException.Kind.CLOSED || e.kind() == DwarfException.Kind.FENCED) {
        throw e;
      }
      LOG.info(
          "task {} of job {} comes home: {}", attempt.range().task(), job.number(), e.getMessage());
      signals.statistics().increment(Counter.FLUSH_TASKS_RETRIED);
      remote.giveUp(List.of(attempt));
      return runLocally(job, attempt.range());
    }
  }
}
