package dwarf.evaluate.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is mounted, as the kernel tells it in a file like {@code /proc/self/mountinfo}; read anew on
 * each question. Empty on systems without that file.
 */
record MountTable(Path file) {

  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  /** The fields before " - " that matter here: the mount point is the fifth. */
  private static final int POINT = 4;

  /** One mounted file system; {@code options} are those of the file system (cpu, rw, ...). */
  record Mount(Path point, String type, Set<String> options) {}

  static MountTable ofThisProcess() {
    return new MountTable(Path.of("/proc/self/mountinfo"));
  }

  List<Mount> mounts() {
    List<Mount> mounts = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        parse(line).ifPresent(mounts::add);
      }
    } catch (IOException e) {
      return List.of();
    }
    return mounts;
  }

  boolean isMounted(Path point) {
    return mounts().stream().anyMatch(mount -> mount.point().equals(point));
  }

  /** Whether anything is mounted on or below {@code directory}. */
  boolean hasMountsIn(Path directory) {
    return mounts().stream().anyMatch(mount -> mount.point().startsWith(directory));
  }

  private static Optional<Mount> parse(String line) {
    int dash = line.indexOf(" - ");
    if (dash < 0) {
      return Optional.empty();
    }
    String[] front = line.substring(0, dash).split(" ", -1);
    String[] back = line.substring(dash + 3).split(" ", -1);
    if (front.length <= POINT || back.length < 3) {
      return Optional.empty();
    }
    Set<String> options = Arrays.stream(back[2].split(",", -1)).collect(Collectors.toSet());
    return Optional.of(new Mount(Path.of(unescape(front[POINT])), back[0], options));
  }

  /** Blanks, tabs, line ends and backslashes are written as three octal digits. */
  private static String unescape(String text) {
    return OCTAL
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(Character.toString(Integer.parseInt(found.group(1), 8))));
  }
}
