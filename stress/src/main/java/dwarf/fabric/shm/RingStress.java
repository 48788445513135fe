package dwarf.fabric.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link Ring}: what is announced is there, and a consumer is woken by one (R2). */
public class RingStress {

  private static final int CONTROL_LONGS = RingLayout.CONTROL_BYTES / Long.BYTES;
  private static final int RECORD_BYTES = 8;

  private static Ring ring() {
    return new Ring(
        MemorySegment.ofArray(new long[CONTROL_LONGS]),
        MemorySegment.ofArray(new long[1]),
        RECORD_BYTES);
  }

  /** A producer and a consumer. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "nothing yet")
  @Outcome(id = "8, 42", expect = ACCEPTABLE, desc = "the record")
  @Outcome(expect = FORBIDDEN, desc = "announced and not there")
  @State
  public static class ProduceAndConsume {
    private final Ring ring = ring();

    @Actor
    public void producer() {
      ring.data().set(ValueLayout.JAVA_INT, 0, 42);
      ring.tail(RECORD_BYTES);
    }

    @Actor
    public void consumer(II_Result r) {
      r.r1 = (int) ring.tail();
      r.r2 = r.r1 == 0 ? 0 : ring.data().get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** Two who find the consumer asleep. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 0", "0, 1, 0"},
      expect = ACCEPTABLE,
      desc = "one of them wakes it")
  @Outcome(expect = FORBIDDEN, desc = "woken twice, or by nobody")
  @State
  public static class TwoWake {
    private final Ring ring = ring();

    public TwoWake() {
      ring.waking(Ring.ASLEEP);
    }

    @Actor
    public void one(III_Result r) {
      r.r1 = ring.takeWaking(Ring.ASLEEP) ? 1 : 0;
    }

    @Actor
    public void other(III_Result r) {
      r.r2 = ring.takeWaking(Ring.ASLEEP) ? 1 : 0;
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = ring.waking();
    }
  }
}
