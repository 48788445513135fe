package dwarf.engine.flush;

import dwarf.engine.view.DmSource;
import dwarf.engine.view.MemtableSource;
import dwarf.jobs.SequenceRange;
import java.util.List;

/**
 * The oldest consecutive frozen memtables of one family, on their way into the SST tier; or of
 * those what lies between two sequences.
 *
 * @param number unique within the epoch
 * @param sequences after what the family's flush marker must say before the install, through what
 *     it says afterwards
 */
record FlushJob(
    int family,
    String familyName,
    long number,
    SequenceRange sequences,
    List<MemtableSource> oldestFirst) {

  /** What the family's flush marker must say before the install. */
  long previousSequence() {
    return sequences.after();
  }

  long lastSequence() {
    return sequences.through();
  }

  /** Whether its memtables hold more than the job is to write, so that records must be left out. */
  boolean isCutInTime() {
    return previousSequence() >= oldestFirst.getFirst().id().firstSequence()
        || lastSequence() < oldestFirst.getLast().lastSequence();
  }

  boolean isAllInDm() {
    return oldestFirst.stream().allMatch(DmSource.class::isInstance);
  }

  long dataBytes() {
    return oldestFirst.stream().mapToLong(MemtableSource::dataBytes).sum();
  }

  /** The part of this job between two sequences. */
  FlushJob stripe(long stripeNumber, SequenceRange part) {
    List<MemtableSource> touched =
        oldestFirst.stream()
            .filter(
                source ->
                    source.lastSequence() > part.after()
                        && source.id().firstSequence() <= part.through())
            .toList();
    return new FlushJob(family, familyName, stripeNumber, part, touched);
  }
}
