package dwarf.jobs;

import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import dwarf.storage.SstSummary;
import dwarf.storage.SstWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges sorted sources into SST files: of each key only the newest record, deletions included,
 * because they must hide what older files hold.
 *
 * <p>R1. The files' key ranges ascend and do not overlap. R2. Every record that was the newest of
 * its key in the range is in exactly one file. R3. On any failure no file of the flush is left
 * behind. A source that cannot answer fails the flush; it never looks like the end of the data.
 */
public final class FlushRunner {

  private static final int RECORDS_BETWEEN_CHECKS = 256;

  private final SstSink sink;
  private final Progress progress;
  private final List<SstSummary> finished = new ArrayList<>();
  private SstWriter writer;
  private long bytesFinished;

  private FlushRunner(SstSink sink, Progress progress) {
    this.sink = sink;
    this.progress = progress;
  }

  /** Runs a flush; the files in key order, none if the range holds nothing. */
  public static List<SstSummary> run(FlushInput input, SstSink sink, Progress progress) {
    FlushRunner runner = new FlushRunner(sink, progress);
    boolean complete = false;
    try {
      runner.merge(input);
      complete = true;
      return List.copyOf(runner.finished);
    } finally {
      if (!complete) {
        runner.discard();
      }
    }
  }

  private void merge(FlushInput input) {
    NewestWins merged = new NewestWins(input);
    int unchecked = 0;
    while (merged.isValid()) {
      if (writer == null) {
        writer = sink.open(finished.size());
      }
      write(merged);
      merged.next();
      if (++unchecked == RECORDS_BETWEEN_CHECKS) {
        unchecked = 0;
        check(merged);
      }
    }
    finishFile();
    progress.advanced(merged.bytesRead(), bytesFinished);
  }

  private void write(NewestWins merged) {
    RecordType type = merged.type();
    if (type == RecordType.PUT) {
      writer.put(merged.key(), merged.value());
    } else if (type.isDeletion()) {
      writer.delete(merged.key());
    } else {
      throw DwarfException.notSupported("records of type " + type + " cannot be flushed yet");
    }
  }

  private void check(NewestWins merged) {
    long inFile = writer.bytes();
    progress.advanced(merged.bytesRead(), bytesFinished + inFile);
    if (inFile >= sink.targetFileBytes()) {
      finishFile();
    }
  }

  private void finishFile() {
    if (writer == null) {
      return;
    }
    SstSummary summary = writer.finish();
    finished.add(summary);
    bytesFinished += summary.bytes();
    writer.close();
    writer = null;
    sink.finished(summary);
  }

  private void discard() {
    if (writer != null) {
      writer.close();
    }
    finished.forEach(sink::discard);
  }
}
