package dwarf.bench.load;

import dwarf.base.DwarfException;
import java.util.List;

/**
 * Checks that the operations of a round were real. A figure that fails here is worth nothing, so
 * the whole run fails.
 */
final class Verification {

  private final Benchmark benchmark;
  private final Workload workload;

  /** Whether every key of the key space is known to exist. */
  private final boolean allExist;

  Verification(Benchmark benchmark, Workload workload, boolean allExist) {
    this.benchmark = benchmark;
    this.workload = workload;
    this.allExist = allExist;
  }

  void check(List<Recorder> threads) {
    for (Recorder thread : threads) {
      checkCount(thread.operations(), threads.getFirst().operations());
    }
    long looked = threads.stream().mapToLong(Recorder::looked).sum();
    long found = threads.stream().mapToLong(Recorder::found).sum();
    checkFound(looked, found);
  }

  private void checkCount(long done, long byFirstThread) {
    long limit = benchmark.operations(workload.amounts());
    if (benchmark.scans()) {
      long all = Math.min(limit, workload.amounts().num());
      require(!allExist || done == all, "walked over " + done + " entries of " + all);
      require(
          done == byFirstThread,
          "walked over " + done + " entries in one thread and " + byFirstThread + " in another");
    } else if (workload.pace().seconds() == 0 || !benchmark.runsByTime()) {
      require(done == limit, "did " + done + " operations of " + limit + " in a thread");
    }
  }

  private void checkFound(long looked, long found) {
    if (benchmark.mustMiss()) {
      require(found == 0, "found " + found + " keys that were never written");
    } else if (benchmark.mustFind() && (looked > 0 || benchmark.scans())) {
      require(
          found > 0,
          "found none of the keys it read; if the database is meant to be empty there is nothing to"
              + " measure, otherwise fill it first (fillseq, fillrandom) or check that --num,"
              + " --key_size and --key_distribution are those it was filled with");
      require(
          !allExist || found == looked,
          "found only " + found + " of " + looked + " keys although all exist");
    }
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      throw new DwarfException(DwarfException.Kind.CORRUPTION, benchmark.text() + " " + problem);
    }
  }
}
