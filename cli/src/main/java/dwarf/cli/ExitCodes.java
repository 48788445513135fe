package dwarf.cli;

/** What the launcher's exit status means; the same for every command. */
public final class ExitCodes {

  public static final int OK = 0;

  /** The command was understood and could not be done, or (get) there is no such key. */
  public static final int FAILED = 1;

  /** The command line itself is wrong. */
  public static final int USAGE = 2;

  private ExitCodes() {}
}
