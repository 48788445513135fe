package dwarf.node.worker;

import dwarf.base.StepListener;
import dwarf.jobs.SstSink;
import dwarf.protocol.FlushTask;
import dwarf.protocol.SstFileInfo;
import dwarf.storage.SstSummary;
import dwarf.storage.SstWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one attempt: {@code <epoch>-<job>-<task>-<attempt>-<n>.dsst} in the task's staging
 * directory. The attempt's uuid makes the names unique for ever, and no name is a number, which
 * RocksDB would take for one of its own.
 */
final class StagedFiles implements SstSink {

  private static final Logger LOG = LoggerFactory.getLogger(StagedFiles.class);

  private final FlushTask task;
  private final Path stage;
  private final Path options;
  private final long targetFileBytes;
  private final StepListener steps;

  StagedFiles(FlushTask task, StagePaths paths, long targetFileBytes, StepListener steps) {
    this.task = task;
    this.stage = paths.stage(task);
    this.options = paths.options(task);
    this.targetFileBytes = targetFileBytes;
    this.steps = steps;
  }

  @Override
  public SstWriter open(int ordinal) {
    String name =
        task.epoch()
            + "-"
            + task.job()
            + "-"
            + task.task()
            + "-"
            + task.attempt()
            + "-"
            + ordinal
            + ".dsst";
    return SstWriter.open(options, task.familyName(), stage.resolve(name));
  }

  @Override
  public long targetFileBytes() {
    return targetFileBytes;
  }

  @Override
  public void finished(SstSummary file) {
    steps.reached("worker.file-written");
  }

  @Override
  public void discard(SstSummary file) {
    try {
      Files.deleteIfExists(file.file());
    } catch (IOException e) {
      LOG.warn("cannot delete {}: {}; its owner sweeps it away later", file.file(), e.toString());
    }
  }

  static List<SstFileInfo> describe(List<SstSummary> files) {
    return files.stream()
        .map(
            file ->
                new SstFileInfo(
                    file.file().getFileName().toString(),
                    file.bytes(),
                    file.entries(),
                    file.smallest(),
                    file.largest(),
                    file.crc32c()))
        .toList();
  }
}
