package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What runs that were killed have left: mounts, control groups, directories. */
final class Leftovers {

  private Leftovers() {}

  /** Removes it, mounts first, and says what was removed, or could not be. */
  static List<Emulation> remove(Path working, MountTable mounts, CpuQuotas quotas) {
    List<Emulation> notes = new ArrayList<>();
    try {
      StoragePaths.removeLeftovers(mounts).forEach(point -> notes.add(removed("mount " + point)));
      quotas.removeLeftovers().forEach(group -> notes.add(removed("control group " + group)));
      TestbedDirectory.removeLeftovers(working, mounts)
          .forEach(directory -> notes.add(removed("directory " + directory)));
    } catch (DwarfException e) {
      notes.add(
          Emulation.note("leftovers", "of an earlier run are still there: " + e.getMessage()));
    }
    return notes;
  }

  private static Emulation removed(String what) {
    return Emulation.note("leftovers", "removed the " + what + " of a run that was killed");
  }
}
