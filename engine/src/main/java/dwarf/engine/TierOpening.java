package dwarf.engine;

import dwarf.base.DwarfException;
import dwarf.engine.flush.InstallIntent;
import dwarf.storage.SstStore;
import dwarf.storage.StoreOptions;
import dwarf.wal.owner.Ownership;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the SST tier, also after an install that failed so badly that RocksDB names files it has
 * itself removed (a failed sync of its MANIFEST does that).
 *
 * <p>L1. RocksDB's best-efforts recovery goes back to a state whose files are all there, whatever
 * that loses. It is let loose on the database only after a run on a clone has shown that the flush
 * markers then are exactly those from before or after the install that the intent names: what is
 * missing is then the WAL's to replay, which was not trimmed. L2. Anything else refuses to open and
 * leaves every file as it was.
 */
final class TierOpening {

  private static final Logger LOG = LoggerFactory.getLogger(TierOpening.class);

  private final Ownership ownership;
  private final Path directory;
  private final StoreOptions options;

  TierOpening(Ownership ownership, StoreOptions options) {
    this.ownership = ownership;
    this.directory = ownership.rocksDirectory();
    this.options = options;
  }

  SstStore open() {
    try {
      return SstStore.open(directory, options);
    } catch (DwarfException damaged) {
      if (damaged.kind() != DwarfException.Kind.CORRUPTION) {
        throw damaged;
      }
      checkExplained(damaged);
      LOG.warn(
          "the last install into {} failed half way, going back to before it: {}",
          directory,
          damaged.getMessage());
      SstStore.recoverBestEfforts(directory);
      return SstStore.open(directory, options);
    }
  }

  /** Passes if the damage is that of the install named by the intent (L1). */
  private void checkExplained(DwarfException damaged) {
    MemorySegment note = ownership.readNote(InstallIntent.NOTE, InstallIntent.MAX_BYTES);
    if (note == null) {
      throw damaged;
    }
    Map<Integer, Long> left;
    InstallIntent intent;
    try {
      intent = InstallIntent.decode(note);
      left = stateOfClone();
    } catch (DwarfException e) {
      damaged.addSuppressed(e);
      throw damaged;
    }
    if (!intent.database().equals(ownership.database()) || !intent.explains(left)) {
      throw new DwarfException(
          DwarfException.Kind.CORRUPTION,
          damaged.getMessage()
              + ". More is missing than the last install: without the missing files the families"
              + " would be flushed through "
              + left
              + ", but were through "
              + intent.before()
              + " before it. Nothing was changed; bring the files back, or restore a copy",
          damaged);
    }
  }

  private Map<Integer, Long> stateOfClone() {
    Path clone = ownership.stageDirectory().resolve("clone");
    try {
      ownership.cloneRocks(clone);
      return SstStore.recoverBestEfforts(clone);
    } finally {
      ownership.deleteClone(clone);
    }
  }
}
