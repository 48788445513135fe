package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;
import dwarf.evaluate.testbed.MountTable.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the nodes' paths to the shared storage, if this machine has bindfs and lets us mount with
 * it; that is found out by mounting once. All paths of a testbed lead to one backing directory.
 */
final class StoragePaths {

  private static final String REMEDY =
      "Install bindfs (Debian and Ubuntu: apt-get install bindfs) and allow FUSE (in a container:"
          + " --device /dev/fuse --cap-add SYS_ADMIN).";

  private static final long PROBE_BYTES_PER_SECOND = 1 << 20;

  private final TestbedDirectory directory;
  private final MountTable table;
  private final Optional<Path> bindfs;
  private final String missing;

  private StoragePaths(
      TestbedDirectory directory, MountTable table, Optional<Path> bindfs, String missing) {
    this.directory = directory;
    this.table = table;
    this.bindfs = bindfs;
    this.missing = missing;
  }

  /** Tries {@code bindfs}, empty if it is not installed. */
  static StoragePaths detect(TestbedDirectory directory, MountTable table, Optional<Path> bindfs) {
    if (bindfs.isEmpty()) {
      return new StoragePaths(directory, table, bindfs, "bindfs is not installed");
    }
    StoragePaths able = new StoragePaths(directory, table, bindfs, "");
    try {
      able.path("probe", PROBE_BYTES_PER_SECOND).close();
      return able;
    } catch (DwarfException e) {
      return new StoragePaths(directory, table, Optional.empty(), e.getMessage());
    }
  }

  Emulation emulation() {
    if (bindfs.isEmpty()) {
      return Emulation.missing(
          "storage",
          "every node reads and writes the backing directory at full speed: "
              + missing
              + ". "
              + REMEDY);
    }
    return Emulation.emulated(
        "storage",
        "a node reaches the shared directory through a mount of its own (bindfs) that carries a"
            + " set number of bytes a second in each direction, with bursts of 0.2 s, takes some"
            + " tens of microseconds for a request and caches nothing on the node's side; what lies"
            + " behind it is this machine's file system with its page cache");
  }

  /** A path for node {@code name}; the backing directory itself where nothing is to be limited. */
  StoragePath path(String name, long bytesPerSecond) {
    if (bindfs.isEmpty() || bytesPerSecond == NodeSpec.UNLIMITED_STORAGE) {
      return StoragePath.direct(directory.store());
    }
    Path point = directory.mounts().resolve(name);
    try {
      Files.createDirectory(point);
    } catch (IOException e) {
      throw DwarfException.io("cannot create the mount point " + point + ": " + e, e);
    }
    StoragePath.Target target =
        new StoragePath.Target(point, table, directory.logs().resolve(name + "-storage.log"));
    return StoragePath.mount(target, command(bindfs.get(), point, bytesPerSecond));
  }

  /**
   * In the foreground, so that the process is ours. Multithreaded, because otherwise every request
   * waits behind those that are throttled: a stat took 85 ms behind four writers at 10 MB/s, and
   * takes 0.2 ms so. Without attribute and name caches, because a node must see at once what
   * another node has written.
   *
   * <p>Limited, bindfs sleeps before every request, if need be for no time at all, and with the
   * slack that the kernel usually adds to a sleep a write of 100 bytes took 100 us instead of 28.
   */
  private List<String> command(Path program, Path point, long bytesPerSecond) {
    return List.of(
        "/bin/sh",
        "-c",
        "{ echo 1 > /proc/$$/timerslack_ns; } 2>/dev/null; exec \"$@\"",
        "bindfs",
        program.toString(),
        "-f",
        "--multithreaded",
        "-o",
        "direct_io,attr_timeout=0,entry_timeout=0,negative_timeout=0",
        "--write-rate=" + bytesPerSecond,
        "--read-rate=" + bytesPerSecond,
        directory.store().toString(),
        point.toString());
  }

  /** Unmounts what runs that are gone have left; returns the mount points. */
  static List<Path> removeLeftovers(MountTable table) {
    List<Path> removed = new ArrayList<>();
    for (Mount mount : table.mounts()) {
      // bindfs only ever mounts as fuse; with another type it is not what we made.
      if (mount.type().startsWith("fuse") && RunName.isInLeftover(mount.point())) {
        Unmount.force(mount.point(), table);
        removed.add(mount.point());
      }
    }
    return removed;
  }
}
