package dwarf.bench.load;

/** Is told how far a round is, about ten times a second, by the thread that runs the round. */
@FunctionalInterface
public interface RoundListener {

  RoundListener NONE = (benchmark, seconds, operations) -> {};

  /** Operations so far of all measured threads. */
  void progress(Benchmark benchmark, double seconds, long operations);
}
