package dwarf.engine.flush;

import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.Views;
import dwarf.jobs.SequenceRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Decides what a flush does about snapshots that see an earlier state of its memtables. An SST file
 * holds one version of a key, so such a snapshot must either keep the memtables, or find its own
 * state in the SST tier.
 *
 * <p>P1. Memtables that only snapshots need take at most the budget; within it they are kept, which
 * costs nothing else and lets any node flush them. P2. Beyond it the job is cut in time at each
 * such snapshot and installed stripe by stripe, oldest first; an SST snapshot taken between two
 * installs holds exactly what the snapshot sees. So no snapshot, however old, makes writers wait.
 */
final class Stripes {

  private final Views views;
  private final long budget;
  private final LongSupplier numbers;

  /**
   * @param budget bytes of memtables that may be kept for snapshots alone
   * @param numbers a new job number each time
   */
  Stripes(Views views, long budget, LongSupplier numbers) {
    this.views = views;
    this.budget = budget;
    this.numbers = numbers;
  }

  /** The job itself, or its stripes, oldest first. */
  List<FlushJob> of(FlushJob job) {
    List<Long> inside = new ArrayList<>();
    for (long sequence : views.snapshotSequences()) {
      if (sequence > job.previousSequence() && sequence < job.lastSequence()) {
        inside.add(sequence);
      }
    }
    if (inside.isEmpty() || views.snapshotBytes() + bytesThrough(job, inside.getLast()) <= budget) {
      return List.of(job);
    }
    inside.add(job.lastSequence());
    List<FlushJob> stripes = new ArrayList<>();
    long after = job.previousSequence();
    for (long through : inside) {
      stripes.add(job.stripe(numbers.getAsLong(), new SequenceRange(after, through)));
      after = through;
    }
    return stripes;
  }

  private static long bytesThrough(FlushJob job, long sequence) {
    return job.oldestFirst().stream()
        .filter(source -> source.id().firstSequence() <= sequence)
        .mapToLong(MemtableSource::dataBytes)
        .sum();
  }
}
