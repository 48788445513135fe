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

  /** A round of an experiment is left out, for want of time. */
  void leavesRoundOut();

  /** It has failed, and the evaluation goes on without it. */
  void fails(String reason);
}
