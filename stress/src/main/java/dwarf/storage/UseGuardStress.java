package dwarf.storage;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link UseGuard}: either the user sees that it is closed, or the closer waits for the user. */
public class UseGuardStress {

  private static final int REFUSED = -1;

  /** A user of something native, and who closes it. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "used before it was freed")
  @Outcome(id = "-1", expect = ACCEPTABLE, desc = "refused")
  @Outcome(expect = FORBIDDEN, desc = "used when it was free")
  @State
  public static class UseAndClose {
    private final UseGuard guard = new UseGuard("it");
    private int freed;

    @Actor
    public void user(I_Result r) {
      if (guard.tryEnter()) {
        r.r1 = freed;
        guard.exit();
      } else {
        r.r1 = REFUSED;
      }
    }

    @Actor
    public void closer() {
      guard.close();
      guard.awaitUnused();
      freed = 1;
    }
  }
}
