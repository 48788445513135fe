package dwarf.storage;

import dwarf.base.DwarfException;
import dwarf.base.Keys;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;
import org.rocksdb.TableProperties;

/**
 * Checks a staged file against its writer's summary before it is ingested. Cheap by default (size,
 * link count, table properties, first and last key); with {@code fullChecksum} every byte is read.
 *
 * <p>RocksDB's reader hides deletions, so in a file that has some the first and last visible keys
 * must lie within the promised range rather than equal its ends.
 */
public final class SstVerifier {

  private SstVerifier() {}

  /** CORRUPTION, naming the difference, unless the file is what the summary promises. */
  public static void verify(Path file, SstSummary expected, boolean fullChecksum) {
    RocksDB.loadLibrary();
    checkInode(file, expected);
    if (fullChecksum && StoreFiles.crc32c(file) != expected.crc32c()) {
      throw damaged(file, "checksum of the whole file differs from its writer's");
    }
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(file.toString());
      checkProperties(file, expected, reader.getTableProperties());
      checkRange(file, expected, reader);
      if (fullChecksum) {
        reader.verifyChecksum();
      }
    } catch (RocksDBException e) {
      throw new DwarfException(
          DwarfException.Kind.CORRUPTION, file + " is not a sound SST file: " + e.getMessage(), e);
    }
  }

  private static void checkInode(Path file, SstSummary expected) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw damaged(file, "is missing, or not a regular file");
      }
      int links = (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
      if (links != 1) {
        throw damaged(file, "has " + links + " names; a staged file has one");
      }
      if (Files.size(file) != expected.bytes()) {
        throw damaged(file, "is " + Files.size(file) + " bytes long, not " + expected.bytes());
      }
    } catch (IOException e) {
      throw DwarfException.io("cannot look at " + file + ": " + e, e);
    }
  }

  private static void checkProperties(Path file, SstSummary expected, TableProperties found) {
    if (found.getNumEntries() != expected.entries()) {
      throw damaged(file, "has " + found.getNumEntries() + " entries, not " + expected.entries());
    }
    if (!ComparatorProbe.BYTEWISE.equals(found.getComparatorName())) {
      throw damaged(file, "is ordered by " + found.getComparatorName());
    }
    if (found.getNumMergeOperands() != 0 || found.getNumRangeDeletions() != 0) {
      throw damaged(file, "holds merge operands or range deletions, which nobody writes");
    }
  }

  private static void checkRange(Path file, SstSummary expected, SstFileReader reader)
      throws RocksDBException {
    boolean exact = reader.getTableProperties().getNumDeletions() == 0;
    MemorySegment smallest = MemorySegment.ofArray(expected.smallest());
    MemorySegment largest = MemorySegment.ofArray(expected.largest());
    try (ReadOptions read = new ReadOptions();
        SstFileReaderIterator rows = reader.newIterator(read)) {
      rows.seekToFirst();
      if (rows.isValid()) {
        int order = Keys.compare(MemorySegment.ofArray(rows.key()), smallest);
        if (order < 0 || (exact && order != 0)) {
          throw damaged(file, "starts with another key than its writer says");
        }
        rows.seekToLast();
        order = rows.isValid() ? Keys.compare(MemorySegment.ofArray(rows.key()), largest) : 1;
        if (order > 0 || (exact && order != 0)) {
          throw damaged(file, "ends with another key than its writer says");
        }
      }
      rows.status();
    }
  }

  private static DwarfException damaged(Path file, String problem) {
    return DwarfException.corruption("staged file " + file + ": " + problem);
  }
}
