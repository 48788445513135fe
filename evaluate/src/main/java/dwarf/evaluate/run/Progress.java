package dwarf.evaluate.run;

import dwarf.evaluate.catalog.Engine;
import dwarf.evaluate.catalog.Experiment;

/** Is told how far an evaluation is. */
public interface Progress {

  /** A trial begins. */
  void begins(Experiment experiment, Engine engine, int round);

  /**
   * It has ended.
   *
   * @param outcome what came out, in a line
   */
  void ends(String outcome);

  /** So many rounds of an experiment are left out, for want of time. */
  void leavesOut(int rounds);

  /** It has failed, and the evaluation goes on without it. */
  void fails(String reason);
}
