package dwarf.memtable;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * {@link WriteLane}: places are given out once, without a gap, and none behind the end (N1, N3).
 */
public class WriteLaneStress {

  private static final int REFUSED = -1;

  private static int place(WriteLane lane) {
    long place = BareLane.take(lane);
    return place == WriteLane.REFUSED ? REFUSED : WriteLane.count(place);
  }

  /** Two writers. */
  @JCStressTest
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the first, then the second")
  @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "the second, then the first")
  @Outcome(expect = FORBIDDEN, desc = "a place given out twice, or left out")
  @State
  public static class TwoTake {
    private final WriteLane lane = BareLane.open();

    @Actor
    public void one(III_Result r) {
      r.r1 = place(lane);
    }

    @Actor
    public void other(III_Result r) {
      r.r2 = place(lane);
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = WriteLane.count(lane.close());
    }
  }

  /** A writer, and the leader that ends the lane. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the end is behind what was taken")
  @Outcome(id = "-1, 0", expect = ACCEPTABLE, desc = "refused, and not waited for")
  @Outcome(expect = FORBIDDEN, desc = "a place behind the end")
  @State
  public static class TakeAndClose {
    private final WriteLane lane = BareLane.open();

    @Actor
    public void writer(II_Result r) {
      r.r1 = place(lane);
    }

    @Actor
    public void leader(II_Result r) {
      r.r2 = WriteLane.count(lane.close());
    }
  }
}
