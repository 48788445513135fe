package dwarf.evaluate.testbed;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Ordinary directories that behave like trees of control groups of either version. */
final class FakeKernel extends GroupFiles {

  private static final List<String> V1 =
      List.of("cgroup.procs", "cpu.cfs_period_us", "cpu.cfs_quota_us", "cpuacct.usage");

  final Path directory;
  final List<String> mountLines = new ArrayList<>();
  boolean readOnly;

  FakeKernel(Path directory) {
    this.directory = directory;
  }

  /** Mounts a tree of version 1 for some controllers. */
  Path mountV1(String controllers) throws IOException {
    Path root = Files.createDirectory(directory.resolve(controllers));
    mountLines.add(line(root, "cgroup", controllers));
    return root;
  }

  /** Mounts the tree of version 2; {@code enabled} is what its groups have already. */
  Path mountV2(String controllers, String enabled) throws IOException {
    Path root = Files.createDirectory(directory.resolve("unified"));
    Files.writeString(root.resolve("cgroup.controllers"), controllers + "\n");
    Files.writeString(root.resolve("cgroup.subtree_control"), enabled + "\n");
    mountLines.add(line(root, "cgroup2", "nsdelegate"));
    return root;
  }

  MountTable mounts() throws IOException {
    Path file = directory.resolve("mountinfo");
    Files.write(file, mountLines);
    return new MountTable(file);
  }

  private static String line(Path root, String type, String options) {
    return "30 24 0:26 / " + root + " rw,nosuid shared:9 - " + type + " none rw," + options;
  }

  @Override
  void make(Path group) throws IOException {
    if (readOnly) {
      throw new FileSystemException(group.toString(), null, "Read-only file system");
    }
    super.make(group);
    for (String name : controlFiles(group.getParent())) {
      Files.writeString(group.resolve(name), "0\n");
    }
  }

  private static List<String> controlFiles(Path root) throws IOException {
    Path subtree = root.resolve("cgroup.subtree_control");
    if (!Files.exists(subtree)) {
      return V1;
    }
    return Files.readString(subtree).contains("cpu")
        ? List.of("cgroup.procs", "cpu.stat", "cpu.max")
        : List.of("cgroup.procs", "cpu.stat");
  }

  @Override
  void write(Path file, String text) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (file.endsWith("cgroup.subtree_control")) {
      Files.writeString(file, Files.readString(file).strip() + " " + text.substring(1) + "\n");
    } else {
      Files.writeString(file, text + "\n");
    }
  }

  @Override
  void remove(Path group) throws IOException {
    if (Files.readString(group.resolve("cgroup.procs")).contains("1")) {
      throw new FileSystemException(group.toString(), null, "Device or resource busy");
    }
    try (Stream<Path> files = Files.list(group)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    super.remove(group);
  }
}
