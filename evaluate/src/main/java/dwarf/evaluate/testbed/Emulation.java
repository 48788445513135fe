package dwarf.evaluate.testbed;

/**
 * One thing that the testbed says about itself, for the report: a number measured here is worth
 * only as much as the reader knows about what was emulated.
 *
 * @param subject what it is about, such as {@code cpu} or {@code storage}
 * @param text how it is emulated; or why it is not, and what to do about it
 */
public record Emulation(String subject, Status status, String text) {

  /** Whether the testbed does it. */
  public enum Status {
    /** It is emulated as the text says. */
    EMULATED,
    /** It cannot be emulated on this machine, and the evaluation goes on without. */
    MISSING,
    /** Something else that a reader of the numbers should know. */
    NOTE
  }

  static Emulation emulated(String subject, String how) {
    return new Emulation(subject, Status.EMULATED, how);
  }

  static Emulation missing(String subject, String whyAndWhatToDo) {
    return new Emulation(subject, Status.MISSING, whyAndWhatToDo);
  }

  static Emulation note(String subject, String text) {
    return new Emulation(subject, Status.NOTE, text);
  }
}
