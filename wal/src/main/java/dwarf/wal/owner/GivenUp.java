package dwarf.wal.owner;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The claims that this process has given up and could not write that down, since the disk was full
 * or failed. Their records still say that this process, which lives, has the database; without this
 * it would keep itself out until it ends. Others wait for that end, or take over.
 *
 * <p>What is in here writes nothing any more, so its epoch may be succeeded as that of a process
 * that has died: what its record says was true at the last moment it could be written. Thread-safe;
 * bounded, since an epoch leaves when its successor has been claimed.
 */
public final class GivenUp {

  private final Set<Epoch> epochs = ConcurrentHashMap.newKeySet();

  private record Epoch(Path database, long number) {}

  void add(Path database, long epoch) {
    epochs.add(new Epoch(database, epoch));
  }

  boolean contains(Path database, OwnerRecord record, HostStamp self) {
    return record.host().equals(self) && epochs.contains(new Epoch(database, record.epoch()));
  }

  /** That epoch has succeeded all before it. */
  void succeeded(Path database, long epoch) {
    epochs.removeIf(old -> old.database.equals(database) && old.number < epoch);
  }
}
