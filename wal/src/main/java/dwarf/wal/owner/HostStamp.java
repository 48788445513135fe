package dwarf.wal.owner;

/**
 * Names one process for as long as anyone may ask whether it still lives.
 *
 * @param machineId lasts as long as the machine's installation; empty if unknown
 * @param bootId new at every boot; empty if unknown
 * @param pidNamespace what makes the process id unique within the boot; empty if unknown
 * @param startTicks the process's start since boot, in the kernel's ticks; 0 if unknown
 * @param hostName for messages only
 */
public record HostStamp(
    String machineId,
    String bootId,
    String pidNamespace,
    long pid,
    long startTicks,
    String hostName) {

  /** Whether both ran, or run, since the same boot of the same machine. */
  boolean isSameBoot(HostStamp other) {
    return !bootId.isEmpty() && bootId.equals(other.bootId);
  }

  @Override
  public String toString() {
    return "process " + pid + " on " + (hostName.isEmpty() ? "an unnamed host" : hostName);
  }
}
