package dwarf.jobs;

/** Is told how a flush gets on, every few hundred records and after each file. */
@FunctionalInterface
public interface Progress {

  Progress NONE = (read, written) -> {};

  /**
   * May throw to abandon the flush.
   *
   * @param bytesRead keys and values taken from the sources so far, dropped versions included
   * @param bytesWritten size of the files so far
   */
  void advanced(long bytesRead, long bytesWritten);
}
