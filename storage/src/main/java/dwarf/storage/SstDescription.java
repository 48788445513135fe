package dwarf.storage;

import dwarf.base.DwarfException;
import dwarf.base.Keys;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;
import org.rocksdb.TableProperties;

/**
 * What an SST file says of itself, read without opening its database.
 *
 * @param entries records, deletions included
 * @param rawBytes bytes of keys and values before compression
 * @param smallest first key that is not deleted; empty if there is none
 * @param largest last key that is not deleted
 * @param marker the flush marker, if the file holds one
 */
@SuppressWarnings("ArrayRecordComponent")
public record SstDescription(
    long bytes,
    long entries,
    long deletions,
    long rawBytes,
    byte[] smallest,
    byte[] largest,
    Optional<FlushMarker> marker) {

  /** Reads the file and checks every block's checksum; CORRUPTION if it is not a sound SST file. */
  public static SstDescription of(Path file) {
    RocksDB.loadLibrary();
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(file.toString());
      reader.verifyChecksum();
      return describe(file, reader);
    } catch (RocksDBException e) {
      throw new DwarfException(
          DwarfException.Kind.CORRUPTION, file + " is not a sound SST file: " + e.getMessage(), e);
    }
  }

  private static SstDescription describe(Path file, SstFileReader reader) throws RocksDBException {
    TableProperties found = reader.getTableProperties();
    try (ReadOptions read = new ReadOptions();
        SstFileReaderIterator rows = reader.newIterator(read)) {
      rows.seekToFirst();
      byte[] smallest = rows.isValid() ? rows.key() : new byte[0];
      rows.seekToLast();
      byte[] largest = rows.isValid() ? rows.key() : new byte[0];
      rows.seek(Keys.markerKey());
      boolean marks = rows.isValid() && Keys.isMarker(MemorySegment.ofArray(rows.key()));
      Optional<FlushMarker> marker =
          marks ? Optional.of(FlushMarker.decode(rows.value())) : Optional.empty();
      rows.status();
      return new SstDescription(
          StoreFiles.size(file),
          found.getNumEntries(),
          found.getNumDeletions(),
          found.getRawKeySize() + found.getRawValueSize(),
          smallest,
          largest,
          marker);
    }
  }
}
