package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;
import dwarf.process.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A node's path to the shared storage: a mount of its own onto the backing directory, served by a
 * bindfs process that lets a set number of bytes a second through, in each direction and over all
 * threads together.
 *
 * <p>Mounted with direct_io, so that the node has no page cache: every read and write crosses the
 * path, as with storage across a network that is used without caching. The page cache of the
 * backing file system remains. It belongs to the storage and not to the node, and it is wanted:
 * what is measured is then the quota of the path and not the disk of the machine that this runs on.
 * A sync waits for the backing disk and for the writes before it, but not for writes to other
 * files.
 *
 * <p>The bindfs process is outside of the node's CPU quota: it stands for the network and the
 * storage service, not for the node. A quota on it would also make a throttled node hold up its own
 * requests twice.
 */
public final class StoragePath implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Path path;
  private final Optional<Server> server;

  /** Where to mount, how to see that it is mounted, and where bindfs says what is wrong. */
  record Target(Path point, MountTable table, Path log) {}

  private record Server(ChildProcess bindfs, Target target) {}

  private StoragePath(Path path, Optional<Server> server) {
    this.path = path;
    this.server = server;
  }

  /** The backing directory itself, without a mount. */
  static StoragePath direct(Path backing) {
    return new StoragePath(backing, Optional.empty());
  }

  /** Runs {@code command}, which mounts; returns when the mount is there. */
  static StoragePath mount(Target target, List<String> command) {
    ChildProcess bindfs =
        ChildProcess.start(target.point().getFileName() + "-storage", command, target.log());
    StoragePath mounted = new StoragePath(target.point(), Optional.of(new Server(bindfs, target)));
    try {
      awaitMount(bindfs, target);
      return mounted;
    } catch (DwarfException e) {
      try {
        mounted.close();
      } catch (DwarfException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  private static void awaitMount(ChildProcess bindfs, Target target) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!target.table().isMounted(target.point())) {
      boolean late = System.nanoTime() - deadline > 0;
      if (late || !bindfs.isAlive()) {
        throw DwarfException.io(
            "bindfs did not mount "
                + target.point()
                + (late ? " in " + PATIENCE.toSeconds() + " s" : "")
                + ": "
                + lastLine(target.log()),
            null);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static String lastLine(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      return lines.isEmpty() ? "it said nothing" : lines.getLast();
    } catch (IOException e) {
      return "its log cannot be read (" + e + ")";
    }
  }

  /** The directory to use. */
  public Path path() {
    return path;
  }

  /** Whether it is a mount of its own, with a limit. */
  public boolean isMount() {
    return server.isPresent();
  }

  /**
   * Bytes written through it so far, as the backing file system counts them: in whole pages, so
   * that each small write that is synced by itself counts 4096. Empty where that is not known.
   *
   * <p>Of the counters of the bindfs process, wchar does not do: it has what is written to files
   * and what is read from them as well, as answers to the kernel.
   */
  public OptionalLong bytesWritten() {
    return counters()
        .map(counters -> OptionalLong.of(counters.get("write_bytes")))
        .orElse(OptionalLong.empty());
  }

  /**
   * Bytes read through it so far, about: everything that went through less what was written, with
   * some 20 bytes for each request. Too low by what the whole pages of {@link #bytesWritten} add.
   */
  public OptionalLong bytesRead() {
    return counters()
        .map(
            counters ->
                OptionalLong.of(Math.max(0, counters.get("wchar") - counters.get("write_bytes"))))
        .orElse(OptionalLong.empty());
  }

  private Optional<Map<String, Long>> counters() {
    if (server.isEmpty()) {
      return Optional.empty();
    }
    Path io = Path.of("/proc", Long.toString(server.get().bindfs().pid()), "io");
    try {
      return Optional.of(
          Files.readAllLines(io, StandardCharsets.ISO_8859_1).stream()
              .map(line -> line.split(": ", 2))
              .collect(Collectors.toMap(parts -> parts[0], parts -> Long.parseLong(parts[1]))));
    } catch (IOException e) {
      // The process is gone, or this kernel does not count.
      return Optional.empty();
    }
  }

  /**
   * Unmounts, ends bindfs and removes the mount point, as an empty directory: never what is in it,
   * which would be the storage if the mount were still there. Idempotent.
   */
  @Override
  public void close() {
    if (server.isEmpty()) {
      return;
    }
    Target target = server.get().target();
    // Whoever still uses it is cut off by the end of bindfs; the detached mount is then empty.
    Unmount.ifIdle(target.point(), target.table());
    server.get().bindfs().stop();
    server.get().bindfs().close();
    Unmount.force(target.point(), target.table());
    try {
      Files.deleteIfExists(target.point());
    } catch (IOException e) {
      throw DwarfException.io("cannot remove the mount point " + target.point() + ": " + e, e);
    }
  }
}
