package dwarf.jobs;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who runs a flush task: the least loaded worker with a free slot, unless the owner of the database
 * is less loaded still. A tie goes to the worker, since the owner has writers to serve; among equal
 * workers the lowest number wins, so that the choice can be predicted.
 */
public final class Placement {

  private static final Comparator<WorkerLoad> ORDER =
      Comparator.comparingDouble(WorkerLoad::score).thenComparingLong(WorkerLoad::worker);

  private Placement() {}

  /**
   * The worker to run a task; empty if the owner should run it itself.
   *
   * @param ownerScore the owner's load in the terms of {@link WorkerLoad#score()}; infinite if the
   *     owner cannot flush itself
   */
  public static Optional<WorkerLoad> choose(List<WorkerLoad> workers, double ownerScore) {
    return workers.stream()
        .filter(WorkerLoad::hasFreeSlot)
        .filter(worker -> worker.score() <= ownerScore)
        .min(ORDER);
  }
}
