package dwarf.wal.owner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Removes what earlier epochs left: logs that have been linked into the new epoch's directory,
 * staged files, and RocksDB directories that a take-over has replaced by a clone. Only once no
 * earlier owner can be running unfenced.
 */
final class EpochSweep {

  /** RocksDB's own names; nothing else in the database directory is ever removed. */
  private static final Pattern ROCKS_FILE =
      Pattern.compile(
          "CURRENT|IDENTITY|LOCK|LOG(\\.old\\.\\d+)?|(MANIFEST|OPTIONS)-\\d+(\\.dbtmp)?"
              + "|\\d+\\.(sst|blob|log|dbtmp)");

  private final Layout layout;
  private final SmallFiles files;

  EpochSweep(Layout layout, SmallFiles files) {
    this.layout = layout;
    this.files = files;
  }

  void run(long epoch, Path rocks) throws IOException {
    for (String name : files.disk().list(layout.epochs())) {
      long number = Layout.number(name);
      if (number != 0 && number < epoch) {
        sweep(layout.epoch(number), rocks);
      }
    }
    if (!rocks.equals(layout.database())) {
      for (String name : files.disk().list(layout.database())) {
        if (ROCKS_FILE.matcher(name).matches()) {
          files.disk().delete(layout.database().resolve(name));
        }
      }
    }
  }

  private void sweep(Path directory, Path rocks) throws IOException {
    boolean isUsed = false;
    for (String name : files.disk().list(directory)) {
      if (directory.resolve(name).equals(rocks)) {
        isUsed = true;
      } else {
        files.deleteTree(directory.resolve(name));
      }
    }
    if (!isUsed) {
      files.disk().delete(directory);
    }
  }
}
