package dwarf.engine.flush;

import dwarf.engine.view.DmSource;
import dwarf.engine.view.MemtableSource;
import java.util.List;

/**
 * The oldest consecutive frozen memtables of one family, on their way into the SST tier.
 *
 * @param number unique within the epoch
 * @param previousSequence what the family's flush marker must say before the install
 */
record FlushJob(
    int family,
    String familyName,
    long number,
    long previousSequence,
    List<MemtableSource> oldestFirst) {

  long lastSequence() {
    return oldestFirst.getLast().lastSequence();
  }

  boolean isAllInDm() {
    return oldestFirst.stream().allMatch(DmSource.class::isInstance);
  }

  long dataBytes() {
    return oldestFirst.stream().mapToLong(MemtableSource::dataBytes).sum();
  }

  void unclaim() {
    oldestFirst.forEach(MemtableSource::unclaim);
  }
}
