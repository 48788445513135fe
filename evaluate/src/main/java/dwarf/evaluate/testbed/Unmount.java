package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ends a FUSE mount: with fusermount, which needs no root, or with umount. Forced, it is detached
 * at once and vanishes when the last process has left it.
 */
final class Unmount {

  private static final List<String> HELPERS = List.of("fusermount3", "fusermount");

  private Unmount() {}

  /** Unmounts {@code point} if nobody uses it; otherwise says why not. */
  static Optional<String> ifIdle(Path point, MountTable table) {
    return attempt(point, table, "-u", List.of());
  }

  /** Detaches {@code point} in any case; IO_ERROR if even that fails. */
  static void force(Path point, MountTable table) {
    Optional<String> problem = attempt(point, table, "-uz", List.of("-l"));
    if (problem.isPresent()) {
      throw DwarfException.io(
          "cannot unmount " + point + " (" + problem.get() + "); try: umount -l " + point, null);
    }
  }

  private static Optional<String> attempt(
      Path point, MountTable table, String helperFlag, List<String> umountFlags) {
    List<String> problems = new ArrayList<>();
    for (List<String> command : commands(point, helperFlag, umountFlags)) {
      if (!table.isMounted(point)) {
        return Optional.empty();
      }
      Tool.run(command).ifPresent(problems::add);
    }
    return table.isMounted(point) ? Optional.of(String.join("; ", problems)) : Optional.empty();
  }

  private static List<List<String>> commands(
      Path point, String helperFlag, List<String> umountFlags) {
    List<List<String>> commands = new ArrayList<>();
    for (String helper : HELPERS) {
      Tool.find(helper)
          .ifPresent(file -> commands.add(List.of(file.toString(), helperFlag, point.toString())));
    }
    List<String> umount = new ArrayList<>(List.of("umount"));
    umount.addAll(umountFlags);
    umount.add(point.toString());
    commands.add(umount);
    return commands;
  }
}
