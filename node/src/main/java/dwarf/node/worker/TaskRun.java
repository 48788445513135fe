package dwarf.node.worker;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.base.StepListener;
import dwarf.jobs.FlushInput;
import dwarf.jobs.FlushRunner;
import dwarf.jobs.SequenceRange;
import dwarf.protocol.FlushResult;
import dwarf.protocol.FlushTask;
import dwarf.protocol.MemoryNodeClient;
import dwarf.storage.SstSummary;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one attempt from its paths to its result.
 *
 * <p>Steps told to the listener: {@code worker.task-taken}, {@code worker.file-written} per file,
 * {@code worker.before-complete}, then one of {@code worker.completed}, {@code worker.refused} (the
 * result came too late), {@code worker.failed} (the owner was told why) and {@code
 * worker.abandoned}.
 *
 * <p>Files are deleted when it is certain that the owner will not install them. If the memory node
 * was restarted or lost while the result was handed in, the owner may have it already: the files
 * stay, and the owner's sweep decides.
 */
final class TaskRun {

  private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

  private final WorkerConfig config;
  private final StagePaths paths;
  private final MemoryNodeClient client;
  private final UUID incarnation;
  private final Attempt attempt;

  /**
   * @param incarnation of the memory node the task was taken from
   */
  TaskRun(
      WorkerConfig config,
      StagePaths paths,
      MemoryNodeClient client,
      UUID incarnation,
      Attempt attempt) {
    this.config = config;
    this.paths = paths;
    this.client = client;
    this.incarnation = incarnation;
    this.attempt = attempt;
  }

  void run() {
    StepListener steps = config.steps();
    try {
      steps.reached("worker.task-taken");
      StagedFiles files =
          new StagedFiles(attempt.task(), paths, config.tuning().targetFileBytes(), steps);
      FlushOutput output = flush(files);
      steps.reached("worker.before-complete");
      complete(files, output);
    } catch (DwarfException e) {
      giveUp(e);
    } catch (RuntimeException e) {
      LOG.error("bug while running {}", attempt.describe(), e);
      giveUp(new DwarfException(Kind.INTERNAL, "the worker failed with " + e, e));
    }
  }

  private record FlushOutput(List<SstSummary> files, long bytesRead) {
    long bytesWritten() {
      return files.stream().mapToLong(SstSummary::bytes).sum();
    }
  }

  private FlushOutput flush(StagedFiles files) {
    FlushTask task = attempt.task();
    try (TaskSources sources = new TaskSources()) {
      sources.open(client, attempt, config.tuning().readBufferBytes());
      FlushInput input =
          new FlushInput(
              sources.newestFirst(), bound(task.start()), bound(task.end()), SequenceRange.ALL);
      List<SstSummary> written = FlushRunner.run(input, files, attempt::advanced);
      return new FlushOutput(written, sources.bytesRead());
    }
  }

  private static MemorySegment bound(byte[] key) {
    return key == null ? null : MemorySegment.ofArray(key);
  }

  private void complete(StagedFiles files, FlushOutput output) {
    UUID id = attempt.task().attempt();
    FlushResult result =
        new FlushResult(
            id,
            config.name(),
            StagedFiles.describe(output.files()),
            output.bytesRead(),
            output.bytesWritten());
    try {
      client.complete(attempt.worker(), id, result);
      config.steps().reached("worker.completed");
    } catch (DwarfException e) {
      if (isCertainlyRefused(e)) {
        output.files().forEach(files::discard);
        LOG.info("result of {} refused, files deleted: {}", attempt.describe(), e.getMessage());
      } else {
        LOG.warn(
            "whether the result of {} arrived is unknown, its files stay: {}",
            attempt.describe(),
            e.getMessage());
      }
      config.steps().reached("worker.refused");
    }
  }

  /** A refusal by a restarted node proves nothing: its predecessor may have taken the result. */
  private boolean isCertainlyRefused(DwarfException failure) {
    if (failure.kind() == Kind.UNAVAILABLE || failure.kind() == Kind.CLOSED) {
      return false;
    }
    try {
      return client.hello().incarnation().equals(incarnation);
    } catch (DwarfException e) {
      LOG.debug("cannot ask the memory node who it is: {}", e.getMessage());
      return false;
    }
  }

  private void giveUp(DwarfException failure) {
    if (attempt.isLeaseLost()) {
      LOG.info("{}", failure.getMessage());
      config.steps().reached("worker.abandoned");
      return;
    }
    if (failure.kind() == DwarfException.Kind.CLOSED) {
      LOG.info("{} given up: {}", attempt.describe(), failure.getMessage());
    } else {
      LOG.warn("{} failed: {}", attempt.describe(), failure.getMessage());
    }
    try {
      client.fail(attempt.worker(), attempt.task().attempt(), failure.kind(), failure.getMessage());
    } catch (DwarfException e) {
      LOG.info("cannot tell the memory node, which will see the lease end: {}", e.getMessage());
    }
    config.steps().reached("worker.failed");
  }
}
