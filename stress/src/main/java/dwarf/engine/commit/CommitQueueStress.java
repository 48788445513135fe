package dwarf.engine.commit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** {@link CommitQueue}: one leader at a time, and what one did the next one sees (Q1). */
public class CommitQueueStress {

  /** Two actions on a field that nobody else guards. */
  @JCStressTest
  @Outcome(
      id = {"1, 2, 2", "2, 1, 2"},
      expect = ACCEPTABLE,
      desc = "one after the other")
  @Outcome(expect = FORBIDDEN, desc = "at once")
  @State
  public static class TwoLead {
    private final CommitQueue queue = new CommitQueue(new NoStages());
    private int count;

    private int next() {
      int[] mine = new int[1];
      queue.exclusively(() -> mine[0] = ++count);
      return mine[0];
    }

    @Actor
    public void one(III_Result r) {
      r.r1 = next();
    }

    @Actor
    public void other(III_Result r) {
      r.r2 = next();
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = count;
    }
  }

  /** Actions need none of them. */
  private static final class NoStages implements CommitStages {

    @Override
    public boolean pass(CommitBatch batch, WriteFlags flags) {
      return false;
    }

    @Override
    public boolean pass(
        int family, RecordType type, MemorySegment key, MemorySegment value, WriteFlags flags) {
      return false;
    }

    @Override
    public void begin() {}

    @Override
    public boolean admitsAtOnce(CommitGroup group) {
      return true;
    }

    @Override
    public void admit(CommitGroup group) {}

    @Override
    public void log(CommitGroup group) {}

    @Override
    public void apply(CommitRequest request) {}

    @Override
    public void publish(CommitGroup group) {}
  }
}
