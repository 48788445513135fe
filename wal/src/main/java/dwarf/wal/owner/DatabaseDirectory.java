package dwarf.wal.owner;

import dwarf.base.DwarfException;
import dwarf.wal.io.DiskError;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A database's directory on storage that several machines may share, and the one way in: {@link
 * #claim}. See {@code Claim} for the protocol and {@link Ownership} for what holds afterwards.
 *
 * <p>A file lock was rejected as the fence: locks of a paused process or of a network mount can
 * vanish while the process goes on writing. Here a late writer is harmless instead: from the moment
 * a successor has the directory, it can only write files the successor does not use.
 */
public final class DatabaseDirectory {

  /** What a fresh file system may hold. */
  private static final Set<String> IGNORED = Set.of("lost+found");

  private DatabaseDirectory() {}

  /**
   * Becomes the one owner of the database.
   *
   * <p>BUSY: somebody else has it, or may have it; the message says who and what to do.
   * INVALID_ARGUMENT: there is no database (or there is one), or the directory is not ours.
   * CORRUPTION, NOT_SUPPORTED: its own files are damaged or from a newer version.
   */
  public static Ownership claim(Path database, ClaimOptions options) {
    return claim(database, options, Environment.system());
  }

  /** The same in a world of the caller's making. */
  public static Ownership claim(Path database, ClaimOptions options, Environment environment) {
    Layout layout = new Layout(database.toAbsolutePath().normalize());
    SmallFiles files = new SmallFiles(environment.disk(), environment.ids());
    try {
      Identity identity = identity(layout, files, options);
      return new Claim(layout, identity, options, environment).run();
    } catch (IOException e) {
      String what = "opening the database directory " + database + ": " + e;
      if (e instanceof DiskError error && error.isNoSpace()) {
        throw new DwarfException(DwarfException.Kind.NO_SPACE, what + "; make room", e);
      }
      throw DwarfException.io(what, e);
    }
  }

  private static Identity identity(Layout layout, SmallFiles files, ClaimOptions options)
      throws IOException {
    Contents before = Contents.of(layout, files);
    if (before.isFile) {
      throw DwarfException.invalid(
          layout.database() + " is a file, not a directory: choose another path");
    }
    Identity identity = readIdentity(layout, files);
    if (identity != null && files.disk().exists(layout.claims())) {
      return identity;
    }
    checkFresh(layout, before, identity != null);
    if (before.isRocksDb() && options.errorIfExists()) {
      throw DwarfException.invalid(
          layout.database() + " holds a RocksDB database, and the options ask for a new one");
    }
    if (!before.isRocksDb() && !options.createIfMissing()) {
      throw DwarfException.invalid(
          layout.database() + " holds no database; set createIfMissing to make one there");
    }
    if (identity == null) {
      files.createDirectories(layout.dwarf());
      Identity created = new Identity(files.ids().get(), 1);
      files.create(layout.identity(), created.encode());
      identity = readIdentity(layout, files);
    }
    files.createDirectories(layout.claims());
    return identity;
  }

  private static Identity readIdentity(Layout layout, SmallFiles files) throws IOException {
    MemorySegment bytes = files.read(layout.identity(), Identity.MAX_BYTES);
    return bytes == null ? null : Identity.decode(layout.identity(), bytes);
  }

  /**
   * What was there before the identity was read. Looked at first, because another process may be
   * making the database at this moment: its identity comes before everything else.
   */
  private record Contents(boolean isFile, boolean hasOwners, List<String> names) {

    /** A database of RocksDB itself: it becomes ours, and stays one that RocksDB can open. */
    boolean isRocksDb() {
      return names.contains("CURRENT");
    }

    static Contents of(Layout layout, SmallFiles files) throws IOException {
      boolean hasOwners =
          files.disk().exists(layout.pointer()) || files.disk().exists(layout.epochs());
      if (!files.disk().exists(layout.database())) {
        return new Contents(false, hasOwners, List.of());
      }
      if (!files.disk().isDirectory(layout.database())) {
        return new Contents(true, hasOwners, List.of());
      }
      return new Contents(false, hasOwners, files.disk().list(layout.database()));
    }
  }

  /** Refuses to make a database where there is something that is not the start of one. */
  private static void checkFresh(Layout layout, Contents contents, boolean hasIdentity) {
    if (contents.hasOwners) {
      throw DwarfException.corruption(
          layout.database()
              + " held a database, but "
              + (hasIdentity ? layout.claims() : layout.identity())
              + " is missing: restore it from a copy");
    }
    if (contents.isRocksDb()) {
      return;
    }
    for (String name : contents.names) {
      if (!name.equals(layout.dwarf().getFileName().toString()) && !IGNORED.contains(name)) {
        throw DwarfException.invalid(
            layout.database()
                + " holds no database, but other files, such as "
                + name
                + ": choose an empty directory");
      }
    }
  }
}
