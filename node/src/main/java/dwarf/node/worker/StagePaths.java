package dwarf.node.worker;

import dwarf.base.DwarfException;
import dwarf.protocol.FlushTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a task may read and write. Paths come over the network from an owner, so they are taken as
 * names below the storage root and nothing else: relative, without {@code ..}, without a symbolic
 * link on the way. The staging directory must be {@code <db>/dwarf/epochs/<epoch>/stage} of the
 * task's own database: a mistyped root or a stale mount shows in the IDENTITY file.
 */
final class StagePaths {

  private static final String IDENTITY = "IDENTITY";

  private final Path root;

  StagePaths(Path storageRoot) {
    try {
      root = storageRoot.toRealPath();
    } catch (IOException e) {
      throw DwarfException.io("the storage root " + storageRoot + " cannot be used: " + e, e);
    }
  }

  /** The task's staging directory, checked. */
  Path stage(FlushTask task) {
    Path stage = resolve(task.stageDir());
    if (!Files.isDirectory(stage, LinkOption.NOFOLLOW_LINKS)) {
      throw DwarfException.invalid(stage + " is not a directory here; is the storage mounted?");
    }
    Path epoch = stage.getParent();
    Path epochs = epoch.getParent();
    boolean layout =
        epochs.startsWith(root)
            && stage.endsWith("stage")
            && epoch.endsWith(Long.toString(task.epoch()))
            && epochs.endsWith("dwarf/epochs");
    if (!layout) {
      throw DwarfException.invalid(
          stage + " is not the staging directory of an epoch " + task.epoch());
    }
    checkIdentity(epochs.resolveSibling(IDENTITY), task);
    return stage;
  }

  /** The options file the task names, checked. */
  Path options(FlushTask task) {
    Path file = resolve(task.optionsFile());
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw DwarfException.invalid("the options file " + file + " is not a file here");
    }
    return file;
  }

  private static void checkIdentity(Path identity, FlushTask task) {
    String found;
    try {
      List<String> lines = Files.readAllLines(identity, StandardCharsets.UTF_8);
      found = lines.isEmpty() ? "" : lines.getFirst().strip();
    } catch (IOException e) {
      throw DwarfException.io("cannot read " + identity + ": " + e, e);
    }
    if (!found.equals(task.database().toString())) {
      throw DwarfException.invalid(
          identity
              + " says database "
              + found
              + ", the task is of database "
              + task.database()
              + "; do owner and worker mean the same storage root?");
    }
  }

  private Path resolve(String name) {
    Path relative = parse(name);
    Path at = root;
    for (Path part : relative) {
      String text = part.toString();
      if (text.isEmpty() || text.equals("..") || text.equals(".")) {
        throw refused(name, "it must be a plain path below the storage root");
      }
      at = at.resolve(part);
      if (Files.isSymbolicLink(at)) {
        throw refused(name, at + " is a symbolic link");
      }
    }
    return at;
  }

  private static Path parse(String name) {
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw new DwarfException(
          DwarfException.Kind.INVALID_ARGUMENT, "path in a task refused: " + e.getMessage(), e);
    }
    if (path.isAbsolute()) {
      throw refused(name, "it is absolute");
    }
    return path;
  }

  private static DwarfException refused(String name, String why) {
    return DwarfException.invalid("path \"" + name + "\" in a task refused: " + why);
  }
}
