package dwarf.base;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link ReadGate}: what was unlinked before synchronize() nobody uses after it (G1). */
public class ReadGateStress {

  /** Something that readers use until it is replaced. */
  private static final class Used {
    private int freed;
  }

  /** A reader, and who replaces what it reads. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "in use, not freed")
  @Outcome(expect = FORBIDDEN, desc = "freed while it was in use")
  @State
  public static class ReadAndReclaim {
    private final ReadGate gate = new ReadGate();
    private volatile Used current = new Used();

    @Actor
    public void reader(I_Result r) {
      int token = gate.enter();
      r.r1 = current.freed;
      gate.exit(token);
    }

    @Actor
    public void reclaimer() {
      Used old = current;
      current = new Used();
      gate.synchronize();
      old.freed = 1;
    }
  }
}
