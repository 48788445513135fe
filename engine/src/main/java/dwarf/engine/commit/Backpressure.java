package dwarf.engine.commit;

import dwarf.engine.stats.Counter;

/** Why writers should slow down or stop now, decided outside the write path. */
public interface Backpressure {

  /** The present state; called for every group, so it must be a field read. */
  Verdict verdict();

  /** GO; SLOW: at most {@code bytesPerSecond}; STOP: wait for progress and ask again. */
  record Verdict(Action action, Counter reason, long bytesPerSecond) {
    public static final Verdict GO = new Verdict(Action.GO, null, 0);

    /** This one or the other, whichever holds writers back more. */
    public Verdict harsher(Verdict other) {
      int order = action.compareTo(other.action);
      return order > 0 || (order == 0 && bytesPerSecond < other.bytesPerSecond) ? this : other;
    }
  }

  /** What a writer does about it, from mild to harsh. */
  enum Action {
    GO,
    SLOW,
    STOP
  }
}
