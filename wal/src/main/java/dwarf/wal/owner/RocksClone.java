package dwarf.wal.owner;

import dwarf.base.DwarfException;
import dwarf.wal.io.Disk;
import dwarf.wal.io.DiskFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Clones a RocksDB directory whose owner may still be writing: hard links for the immutable SST
 * files, copies of the rest.
 *
 * <p>Link all SST files, copy the logs, then the manifest, link again those that came since; if the
 * manifest has not changed meanwhile, every file it names is there: RocksDB removes a file only
 * after a manifest edit. If it has, once more. CURRENT comes last, so that half a clone is no
 * database. RocksDB's {@code LOCK} is never opened: closing it anywhere in the process would drop
 * the lock.
 */
final class RocksClone {

  private static final int ATTEMPTS = 1000;
  private static final int PIECE_BYTES = 1 << 20;
  private static final int MAX_CURRENT_BYTES = 1024;
  private static final String CURRENT = "CURRENT";

  private final SmallFiles files;
  private final Disk disk;
  private final Path from;
  private final Path to;

  RocksClone(SmallFiles files, Path from, Path to) {
    this.files = files;
    this.disk = files.disk();
    this.from = from;
    this.to = to;
  }

  void run() throws IOException {
    if (files.read(from.resolve(CURRENT), MAX_CURRENT_BYTES) == null) {
      return;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (isCloned()) {
        return;
      }
    }
    throw new DwarfException(
        DwarfException.Kind.BUSY,
        "the RocksDB files in "
            + from
            + " changed in each of "
            + ATTEMPTS
            + " attempts to clone them: stop the old owner, or try again");
  }

  /** One attempt; false if the owner began a new manifest or edited it meanwhile. */
  private boolean isCloned() throws IOException {
    try {
      linkTables();
      copyAll(RocksClone::isLog);
      byte[] current = current();
      String manifest = new String(current, StandardCharsets.UTF_8).strip();
      long copied = copy(manifest);
      linkTables();
      if (!Arrays.equals(current, current()) || size(manifest) != copied) {
        return false;
      }
      copyAll(RocksClone::isSetting);
      files.replace(to.resolve(CURRENT), MemorySegment.ofArray(current));
      return true;
    } catch (NoSuchFileException replaced) {
      return false;
    }
  }

  private void copyAll(Predicate<String> wanted) throws IOException {
    for (String name : disk.list(from)) {
      if (wanted.test(name)) {
        copy(name);
      }
    }
  }

  /** Only a directory that plain RocksDB wrote and we never opened has records in these. */
  private static boolean isLog(String name) {
    return name.endsWith(".log");
  }

  private static boolean isSetting(String name) {
    boolean isOptions = name.startsWith("OPTIONS-") && !name.endsWith(".dbtmp");
    return isOptions || name.equals("IDENTITY");
  }

  private byte[] current() throws IOException {
    MemorySegment content = files.read(from.resolve(CURRENT), MAX_CURRENT_BYTES);
    if (content == null) {
      throw new NoSuchFileException(from.resolve(CURRENT).toString());
    }
    return content.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Links the tables that are not here yet. One that is gone meanwhile belongs to no manifest. */
  private void linkTables() throws IOException {
    for (String name : disk.list(from)) {
      boolean isTable = name.endsWith(".sst") || name.endsWith(".blob");
      if (isTable && !disk.exists(to.resolve(name)) && disk.exists(from.resolve(name))) {
        disk.link(from.resolve(name), to.resolve(name));
      }
    }
  }

  private long size(String name) throws IOException {
    try (DiskFile file = disk.open(from.resolve(name))) {
      return file.size();
    }
  }

  /** Copies what the file holds now; returns how much that was. */
  private long copy(String name) throws IOException {
    if (disk.exists(to.resolve(name))) {
      disk.delete(to.resolve(name));
    }
    try (DiskFile in = disk.open(from.resolve(name));
        DiskFile out = disk.create(to.resolve(name))) {
      MemorySegment piece = MemorySegment.ofArray(new byte[PIECE_BYTES]);
      long at = 0;
      for (long read = in.read(piece, 0); read > 0; read = in.read(piece, at)) {
        out.write(piece.asSlice(0, read), at);
        at += read;
      }
      out.sync();
      return at;
    }
  }
}
