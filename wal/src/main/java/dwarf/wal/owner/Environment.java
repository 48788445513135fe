package dwarf.wal.owner;

import dwarf.wal.io.Disk;
import dwarf.wal.io.NativeDisk;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a claim needs of the world, so that tests can replace it.
 *
 * @param renewInBackground whether the ownership renews its lease by a thread of its own; without,
 *     {@link Ownership#check} does when the lease has run out
 * @param ids makes new database and file names
 * @param givenUp what this process remembers of its claims
 */
public record Environment(
    Disk disk, Host host, boolean renewInBackground, Supplier<UUID> ids, GivenUp givenUp) {

  private static final GivenUp BY_THIS_PROCESS = new GivenUp();

  /** A process that has made no claim yet. */
  public Environment(Disk disk, Host host, boolean renewInBackground, Supplier<UUID> ids) {
    this(disk, host, renewInBackground, ids, new GivenUp());
  }

  /** The real one. */
  public static Environment system() {
    return new Environment(
        NativeDisk.INSTANCE, new LinuxHost(), true, UUID::randomUUID, BY_THIS_PROCESS);
  }
}
