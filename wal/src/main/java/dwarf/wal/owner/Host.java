package dwarf.wal.owner;

/** The machine: who this process is, and what has become of others. */
public interface Host {

  HostStamp self();

  /**
   * Whether that process still runs. DEAD only with proof: two owners would destroy the database.
   */
  Liveness judge(HostStamp other);
}
