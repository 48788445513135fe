package dwarf.cli;

/** What the launcher's exit status means; the same for every command. */
final class ExitCodes {

  static final int OK = 0;

  /** The command was understood and could not be done, or (get) there is no such key. */
  static final int FAILED = 1;

  /** The command line itself is wrong. */
  static final int USAGE = 2;

  private ExitCodes() {}
}
