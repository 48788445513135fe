package dwarf.wal.owner;

import dwarf.base.DwarfException;
import dwarf.wal.io.NativeDisk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.UUID;

/**
 * Who a database is and who owns it, read without claiming it: for people who look. While an owner
 * runs, it may change at any moment.
 *
 * @param epoch of the newest owner
 * @param state of that owner: OPEN (it runs, or died), RELEASED or CLOSED (in order)
 * @param liveness whether that owner can be shown to live
 * @param rocksDirectory where its RocksDB files are
 * @param walDirectories of all epochs, oldest first
 * @param stageDirectories of all epochs, oldest first
 */
public record DatabaseDescription(
    UUID database,
    long incarnation,
    long epoch,
    String state,
    HostStamp owner,
    Liveness liveness,
    Path rocksDirectory,
    List<Path> walDirectories,
    List<Path> stageDirectories) {

  /** Whether there is a database of ours in the directory. */
  public static boolean isDatabase(Path directory) {
    return NativeDisk.INSTANCE.exists(new Layout(directory).identity());
  }

  /** Reads what the directory says; CORRUPTION if it cannot be believed. */
  public static DatabaseDescription of(Path directory) {
    Layout layout = new Layout(directory.toAbsolutePath());
    SmallFiles files = new SmallFiles(NativeDisk.INSTANCE, UUID::randomUUID);
    try {
      MemorySegment identity = files.read(layout.identity(), Identity.MAX_BYTES);
      if (identity == null) {
        throw DwarfException.invalid(directory + " holds no DwaRF-LSM database");
      }
      NavigableMap<Long, OwnerRecord> owners = new ClaimStore(layout, files).readAll();
      if (owners.isEmpty()) {
        throw DwarfException.corruption(
            layout.claims() + " holds no owner's record: the database was never opened completely");
      }
      return describe(
          layout, Identity.decode(layout.identity(), identity), owners.lastEntry().getValue());
    } catch (IOException e) {
      throw DwarfException.io("cannot read the database directory " + directory + ": " + e, e);
    }
  }

  private static DatabaseDescription describe(Layout layout, Identity identity, OwnerRecord owner)
      throws IOException {
    List<Path> wal = new ArrayList<>();
    List<Path> stage = new ArrayList<>();
    List<Long> epochs =
        NativeDisk.INSTANCE.list(layout.epochs()).stream()
            .map(Layout::number)
            .filter(epoch -> epoch > 0)
            .sorted()
            .toList();
    for (long epoch : epochs) {
      addIfThere(wal, layout.wal(epoch));
      addIfThere(stage, layout.stage(epoch));
    }
    return new DatabaseDescription(
        identity.database(),
        identity.incarnation(),
        owner.epoch(),
        owner.state().name(),
        owner.host(),
        new LinuxHost().judge(owner.host()),
        layout.database().resolve(owner.rocksDirectory()).normalize(),
        wal,
        stage);
  }

  private static void addIfThere(List<Path> directories, Path directory) {
    if (NativeDisk.INSTANCE.isDirectory(directory)) {
      directories.add(directory);
    }
  }
}
