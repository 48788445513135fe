package dwarf.wal.owner;

/** What can be proven about another process. */
public enum Liveness {
  ALIVE,
  /** It has ended, with all its threads. */
  DEAD,
  /** It runs, or ran, where this process cannot look. */
  UNKNOWN
}
