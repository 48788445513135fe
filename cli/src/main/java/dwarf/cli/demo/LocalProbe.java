package dwarf.cli.demo;

import dwarf.cli.db.OpenDatabase;
import dwarf.cli.input.InputRecord;
import java.util.Arrays;

/**
 * Reads from local memtables while data is being loaded: whenever a memtable was frozen, the record
 * written before lies in it and the newest one in the active memtable. The engine's counters say
 * whether the answers really came from local memory.
 */
final class LocalProbe {

  private final OpenDatabase target;
  private InputRecord previous;
  private long sealed;
  private int activeGets;
  private int sealedLocalGets;
  private int wrong;

  LocalProbe(OpenDatabase target) {
    this.target = target;
    this.sealed = count("memtables.sealed");
  }

  /** To be told the last record of each batch, after it was written. */
  void written(InputRecord newest) {
    long nowSealed = count("memtables.sealed");
    if (nowSealed != sealed && previous != null) {
      activeGets += fromLocalMemory(newest);
      sealedLocalGets += fromLocalMemory(previous);
    }
    sealed = nowSealed;
    previous = newest;
  }

  private int fromLocalMemory(InputRecord record) {
    long before = count("reads.memtable");
    byte[] value = target.db().get(target.family(), record.key());
    if (!Arrays.equals(value, record.value())) {
      wrong++;
    }
    return count("reads.memtable") > before ? 1 : 0;
  }

  private long count(String counter) {
    return target.db().statistics().getOrDefault(counter, 0L);
  }

  int activeGets() {
    return activeGets;
  }

  int sealedLocalGets() {
    return sealedLocalGets;
  }

  int wrong() {
    return wrong;
  }
}
