package dwarf.wal;

import dwarf.wal.io.Disk;
import java.nio.file.Path;

/**
 * The log to recover and what is known of how it ended.
 *
 * @param mustExist whether the database had a log before, so that an empty directory means loss
 * @param durableThrough the sequence through which the last owner closed its log cleanly; 0 if it
 *     did not
 * @param powerLost whether the machine of the last owner may have gone down since
 */
record LogSource(
    Disk disk,
    Path directory,
    LogIdentity identity,
    boolean mustExist,
    long durableThrough,
    boolean powerLost) {

  LogFiles files() {
    return new LogFiles(disk, directory);
  }
}
