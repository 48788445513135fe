package dwarf.engine.commit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dwarf.memtable.BareLane;
import dwarf.memtable.WriteLane;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * {@link TurnKeeper}: who returns is visible, and so is all before it; each is logged once (K1,
 * K5).
 */
public class TurnKeeperStress {

  /** Two writers with a record each. */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "each saw its own; all is shown and logged")
  @Outcome(expect = FORBIDDEN, desc = "returned too early, or logged twice or not at all")
  @State
  public static class TwoFinish {
    private final VisibleSequence visible = new VisibleSequence();
    private final TurnKeeper turns = new TurnKeeper(visible, new Health());
    private final WriteLane room = BareLane.open();
    private final CountingLog log = new CountingLog();
    private final TurnKeeper.Lane lane = new TurnKeeper.Lane(room, 0, log);

    private int write() {
      long place = BareLane.take(room);
      turns.finish(lane, place, BareLane.behind(place));
      return visible.get() > WriteLane.count(place) ? 1 : 0;
    }

    @Actor
    public void one(III_Result r) {
      r.r1 = write();
    }

    @Actor
    public void other(III_Result r) {
      r.r2 = write();
    }

    @Arbiter
    public void end(III_Result r) {
      boolean isComplete = visible.get() == 2 && WriteLane.count(room.published()) == 2;
      r.r3 = isComplete ? log.records : -1;
    }
  }

  /** One caller at a time, and each begins where the one before ended: else a number is missing. */
  private static final class CountingLog implements LaneLog {
    private int records;

    @Override
    public void beforeShown(long from, long end) {
      if (records == WriteLane.count(from)) {
        records = WriteLane.count(end);
      }
    }
  }
}
