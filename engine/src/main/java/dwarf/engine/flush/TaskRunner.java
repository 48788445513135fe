package dwarf.engine.flush;

import dwarf.base.DwarfException;
import dwarf.engine.dm.DmNode;
import dwarf.engine.dm.Signals;
import dwarf.engine.stats.Counter;
import dwarf.storage.SstSummary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the key-range tasks of a job done. Each is offered to the memory node for placement on a
 * worker. What no worker has time for waits until one has, because the owner has writers to serve
 * and nothing is lost by flushing later; the owner runs a task itself only if no worker has any of
 * the job, or if memory is short, and then beside the workers. A task that a worker does not finish
 * comes home.
 *
 * <p>T1. Either all files of the job come back, or none is left behind and the job fails. T2. Every
 * attempt has its own id and its own file names; the result of an attempt that was given up is
 * never looked at. T3. The memory node keeps no attempt longer than the job takes. T4. There is
 * always progress: of the owner, or of a worker that the owner waits for no longer than for a
 * single attempt.
 *
 * <p>Rejected: sharing a job between workers and owner at once, which is fastest for the job alone.
 * The owner then fetches back what it has just shipped, on the cores that its writers wait for.
 */
public final class TaskRunner {

  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final DmNode node;
  private final Stage stage;
  private final LocalTasks local;
  private final RemoteTasks remote;
  private final Signals signals;
  private final Limits limits;

  /**
   * How a job is shared.
   *
   * @param maxTasks most tasks of a job
   * @param memoryShort whether the owner should help, since writers may soon have to wait
   */
  public record Limits(int maxTasks, BooleanSupplier memoryShort) {}

  /**
   * @param node null if there is no disaggregated memory
   */
  public TaskRunner(
      DmNode node,
      Stage stage,
      LocalTasks local,
      RemoteTasks remote,
      Signals signals,
      Limits limits) {
    this.node = node;
    this.stage = stage;
    this.local = local;
    this.remote = remote;
    this.signals = signals;
    this.limits = limits;
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
    Deque<KeyRange> waiting =
        new ArrayDeque<>(KeyRange.cut(job, remoteCapable ? limits.maxTasks() : 1));
    Deque<RemoteTasks.Attempt> running = new ArrayDeque<>();
    List<RemoteTasks.Attempt> attempts = new ArrayList<>();
    List<SstSummary> files = new ArrayList<>();
    try {
      while (!waiting.isEmpty() || !running.isEmpty()) {
        if (remoteCapable && !waiting.isEmpty()) {
          List<RemoteTasks.Attempt> placed = place(job, waiting);
          running.addAll(placed);
          attempts.addAll(placed);
        }
        boolean help = running.isEmpty() || limits.memoryShort().getAsBoolean();
        if (help && !waiting.isEmpty()) {
          files.addAll(runLocally(job, waiting.poll()));
        } else {
          files.addAll(finish(job, running.poll()));
        }
      }
    } catch (DwarfException | InterruptedException e) {
      files.forEach(file -> stage.delete(file.file()));
      remote.giveUp(attempts);
      throw e;
    }
    files.sort((a, b) -> Arrays.compareUnsigned(a.smallest(), b.smallest()));
    return new Output(files, attempts);
  }

  /** Ends the job's attempts at the memory node; its files are installed, or not needed (T3). */
  void release(Output output) {
    remote.release(output.attempts());
  }

  /** Removes what attempts that were given up have left in the stage; to be called often. */
  void sweep() {
    remote.sweep();
  }

  /** Takes what a worker has time for out of {@code waiting}. */
  private List<RemoteTasks.Attempt> place(FlushJob job, Deque<KeyRange> waiting) {
    List<RemoteTasks.Attempt> placed = new ArrayList<>();
    boolean declined = false;
    while (!waiting.isEmpty() && !declined) {
      Optional<RemoteTasks.Attempt> attempt = remote.offer(job, waiting.peek(), local.score());
      attempt.ifPresent(placed::add);
      attempt.ifPresent(taken -> waiting.remove());
      declined = attempt.isEmpty();
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
