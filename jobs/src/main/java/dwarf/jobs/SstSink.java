package dwarf.jobs;

import dwarf.storage.SstSummary;
import dwarf.storage.SstWriter;

/** Where a flush writes to. */
public interface SstSink {

  /** Opens the file with that number, counted from 0 within this flush. */
  SstWriter open(int ordinal);

  /** A file that has reached this size is finished and the next one begun. */
  long targetFileBytes();

  /** Is told of each file once it is complete and synced. */
  void finished(SstSummary file);

  /** Deletes a finished file of a flush that failed. */
  void discard(SstSummary file);
}
