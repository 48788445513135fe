package dwarf.engine.flush;

import dwarf.base.DwarfException;
import dwarf.storage.SstStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The staging directory of one epoch: where SST files are written before they are ingested. Names
 * are unique per attempt and never used again, so a late writer can only write a file that nobody
 * will look at.
 */
public final class Stage {

  private static final Logger LOG = LoggerFactory.getLogger(Stage.class);

  /** {@code <epoch>-<job>-<task>-<attempt>-<n>.dsst}, as {@link #newFile} and workers name them. */
  private static final Pattern ATTEMPT_FILE =
      Pattern.compile(
          "[0-9]+-[0-9]+-[0-9]+-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[0-9]+\\.dsst");

  private final Path directory;
  private final Path storageRoot;
  private final Identity identity;
  private volatile Path options;

  /** Whose stage this is. */
  public record Identity(UUID database, long incarnation, long epoch) {}

  public Stage(Path directory, Path storageRoot, Identity identity) {
    this.directory = directory;
    this.storageRoot = storageRoot;
    this.identity = identity;
  }

  UUID database() {
    return identity.database();
  }

  long incarnation() {
    return identity.incarnation();
  }

  long epoch() {
    return identity.epoch();
  }

  /** To be called once, before the first file; refuses a stage that files cannot leave by link. */
  public void prepare(SstStore store) {
    store.checkSameFileSystem(directory);
    refreshOptions(store);
  }

  /** Keeps a copy of the present RocksDB options, which writers of SST files load. */
  public synchronized void refreshOptions(SstStore store) {
    options = store.copyOptions(directory.resolve("options-" + UUID.randomUUID()));
  }

  Path options() {
    return options;
  }

  Path newFile(FlushJob job, int task, UUID attempt, int ordinal) {
    return directory.resolve(
        epoch() + "-" + job.number() + "-" + task + "-" + attempt + "-" + ordinal + ".dsst");
  }

  /** The attempt that a staged file's name tells; empty if it is not the name of such a file. */
  private static Optional<UUID> attemptOf(Path file) {
    Matcher name = ATTEMPT_FILE.matcher(file.getFileName().toString());
    return name.matches() ? Optional.of(UUID.fromString(name.group(1))) : Optional.empty();
  }

  /** The path as a worker finds it below its own mount of the storage. */
  String relative(Path path) {
    return storageRoot.relativize(path).toString();
  }

  Path directory() {
    return directory;
  }

  /** Resolves a file name that a worker reported; it must be a plain name in this directory. */
  Path reported(String name) {
    Path file = directory.resolve(name).normalize();
    if (!directory.equals(file.getParent())) {
      throw DwarfException.corruption("a worker reported a file outside the stage: " + name);
    }
    return file;
  }

  /** The name of the file that will hold the marker of the job alone. */
  Path newMarkerFile(FlushJob job) {
    return directory.resolve(
        epoch() + "-" + job.number() + "-marker-" + UUID.randomUUID() + ".dsst");
  }

  /** Removes every staged file that carries one of the attempts in its name. */
  void deleteFilesOf(Set<UUID> attempts) {
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(file -> attemptOf(file).filter(attempts::contains).isPresent())
          .forEach(this::delete);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn(
          "stage {} could not be listed, the next open sweeps it: {}", directory, e.toString());
    }
  }

  /** Removes a staged file that will not be ingested; a leftover is swept at the next open. */
  void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn(
          "staged file {} could not be deleted, the next open sweeps it: {}", file, e.toString());
    }
  }
}
