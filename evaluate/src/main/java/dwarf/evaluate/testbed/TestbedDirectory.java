package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;
import dwarf.base.FileTree;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a testbed lies below the directory that it was given:
 *
 * <pre>
 * logs/NAME.log                   of every process; stays
 * dwarf-evaluate-PID-N/store      the backing directory of the storage; removed on close
 * dwarf-evaluate-PID-N/nodes/...  the mount points; removed on close
 * </pre>
 *
 * Nothing is deleted while a mount is anywhere inside: what one would see there is the storage of
 * somebody.
 */
record TestbedDirectory(Path root, Path logs) {

  /** Makes the directories of {@code run} below {@code working}, which may not exist yet. */
  static TestbedDirectory create(Path working, RunName run) {
    try {
      Files.createDirectories(working);
      // The system names mount points by their real paths.
      Path real = working.toRealPath();
      TestbedDirectory directory =
          new TestbedDirectory(real.resolve(run.toString()), real.resolve("logs"));
      Files.createDirectories(directory.logs());
      Files.createDirectories(directory.store());
      Files.createDirectories(directory.mounts());
      return directory;
    } catch (IOException e) {
      throw DwarfException.io("cannot make a testbed in " + working + ": " + e, e);
    }
  }

  Path store() {
    return root.resolve("store");
  }

  Path mounts() {
    return root.resolve("nodes");
  }

  /** Removes all but the logs. Idempotent. */
  void remove(MountTable table) {
    delete(root, table);
  }

  /** Removes what runs that are gone have left in {@code working}; returns the directories. */
  static List<Path> removeLeftovers(Path working, MountTable table) {
    List<Path> removed = new ArrayList<>();
    if (!Files.isDirectory(working)) {
      return removed;
    }
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(
            working.toRealPath(), each -> RunName.isLeftover(each.getFileName().toString()))) {
      for (Path leftover : leftovers) {
        delete(leftover, table);
        removed.add(leftover);
      }
    } catch (IOException e) {
      throw DwarfException.io("cannot list " + working + ": " + e, e);
    }
    return removed;
  }

  private static void delete(Path root, MountTable table) {
    if (!Files.exists(root)) {
      return;
    }
    if (table.hasMountsIn(root)) {
      throw DwarfException.io(
          "not deleting " + root + ": something is still mounted in it (see mount | grep)", null);
    }
    FileTree.remove(root);
  }
}
