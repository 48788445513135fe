package dwarf.evaluate.run;

import dwarf.bench.load.Stage;
import java.util.Map;

/**
 * The quotas of all machines during one trial: lifted while either engine starts and warms up, in
 * force while it counts. A JVM compiles what it runs often, which takes seconds of a whole core,
 * once in the life of a process; with a quota it would take most of the time of a trial, and the
 * processes of a data centre live for months. One thread.
 */
final class Quotas implements AutoCloseable {

  private final Machines machines;
  private boolean lifted;
  private Map<String, TrialResult.NodeUse> before;

  /**
   * Quotas for a trial that begins.
   *
   * @param warmsUp whether the load says when it begins to count; otherwise all of it does
   */
  Quotas(Machines machines, boolean warmsUp) {
    this.machines = machines;
    this.before = machines.use();
    if (warmsUp) {
      machines.lift();
      lifted = true;
      before = null;
    }
  }

  void enter(Stage stage) {
    boolean lift = stage == Stage.WARM_UP;
    if (lift && !lifted) {
      machines.lift();
    } else if (!lift && lifted) {
      machines.restore();
    }
    lifted = lift;
    if (!lift && before == null) {
      before = machines.use();
    }
  }

  /** What each node has used since it first counted. */
  Map<String, TrialResult.NodeUse> used() {
    Map<String, TrialResult.NodeUse> use = machines.use();
    Map<String, TrialResult.NodeUse> start = before == null ? use : before;
    use.replaceAll((node, after) -> after.since(start.get(node)));
    return use;
  }

  @Override
  public void close() {
    if (lifted) {
      machines.restore();
      lifted = false;
    }
  }
}
