package dwarf.memtable;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * {@link HashIndex} and the chains of {@link RecordLog}: a key has one slot (H2), its versions are
 * reachable newest first (H1), and who finds a record finds all of it (L1).
 */
public class HashIndexStress {

  private static final int LOG_LONGS = 32;
  private static final int SLOTS = 4;
  private static final int UNITS_OF_A_RECORD = 5;
  private static final long ALL = Long.MAX_VALUE;
  private static final int NOTHING = -1;

  /** An index and its log, with room for three records. */
  private static final class Table {
    private final RecordLog log = new RecordLog(MemorySegment.ofArray(new long[LOG_LONGS]));
    private final HashIndex index = new HashIndex(MemorySegment.ofArray(new long[SLOTS]), log);

    /** Each sequence number has a record of its own; its value is the number, too. */
    boolean insert(int key, int sequence) {
      int unit = RecordLog.FIRST_UNIT + (sequence - 1) * UNITS_OF_A_RECORD;
      MemorySegment bytes = bytes(key);
      log.write(unit, sequence, RecordType.PUT, bytes, bytes(sequence));
      return index.insert(unit, sequence, KeyHash.of(bytes));
    }

    /** The value of the newest version up to that sequence number. */
    int find(int key, long sequence) {
      int unit = index.find(bytes(key), sequence);
      return unit == RecordLog.NIL
          ? NOTHING
          : log.value(unit).get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    }

    private static MemorySegment bytes(int number) {
      return MemorySegment.ofArray(new int[] {number});
    }
  }

  /** Two versions of one new key. */
  @JCStressTest
  @Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "one of them made the slot; both are there")
  @Outcome(expect = FORBIDDEN, desc = "two slots, or a version lost")
  @State
  public static class TwoVersions {
    private final Table table = new Table();
    private boolean isNewForOne;
    private boolean isNewForOther;

    @Actor
    public void one() {
      isNewForOne = table.insert(7, 1);
    }

    @Actor
    public void other() {
      isNewForOther = table.insert(7, 2);
    }

    @Arbiter
    public void look(III_Result r) {
      r.r1 = isNewForOne == isNewForOther ? 0 : 1;
      r.r2 = table.find(7, ALL);
      r.r3 = table.find(7, 1);
    }
  }

  /** Two new keys, in a table where they meet. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "both are there")
  @Outcome(expect = FORBIDDEN, desc = "one was overwritten")
  @State
  public static class TwoKeys {
    private final Table table = new Table();

    @Actor
    public void one() {
      table.insert(7, 1);
    }

    @Actor
    public void other() {
      table.insert(8, 2);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = table.find(7, ALL);
      r.r2 = table.find(8, ALL);
    }
  }

  /** A version goes in between two others while somebody looks for the older one. */
  @JCStressTest
  @Outcome(id = "1, 3", expect = ACCEPTABLE, desc = "the old one and the newest")
  @Outcome(expect = FORBIDDEN, desc = "a version mistaken for another, or seen unfinished")
  @State
  public static class BetweenTwoVersions {
    private final Table table = new Table();

    public BetweenTwoVersions() {
      table.insert(7, 1);
      table.insert(7, 3);
    }

    @Actor
    public void writer() {
      table.insert(7, 2);
    }

    @Actor
    public void reader(II_Result r) {
      r.r1 = table.find(7, 1);
      r.r2 = table.find(7, ALL);
    }
  }

  /** A reader of a key that is being written. */
  @JCStressTest
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "not there yet")
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "there now")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "there")
  @Outcome(expect = FORBIDDEN, desc = "unfinished, or gone again")
  @State
  public static class ReadWhileWritten {
    private final Table table = new Table();

    @Actor
    public void writer() {
      table.insert(7, 1);
    }

    @Actor
    public void reader(II_Result r) {
      r.r1 = table.find(7, ALL);
      r.r2 = table.find(7, ALL);
    }
  }
}
