package dwarf.storage;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.base.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * Writes one SST file, keys in strictly ascending order, with the table options of its family.
 *
 * <p>W1. The file is created by this writer or not at all: an existing name is refused, because a
 * truncated file may already be linked into a database. W2. A file that was not finished is
 * deleted. W3. A finished file has been synced. One thread at a time.
 */
public final class SstWriter implements AutoCloseable {

  private static final int SCRATCH_BYTES = 8 << 10;

  private final Path target;
  private final Options options;
  private final EnvOptions env;
  private final SstFileWriter writer;
  private ByteBuffer keyScratch = ByteBuffer.allocateDirect(256);
  private ByteBuffer valueScratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
  private byte[] smallest;
  private byte[] largest;
  private long entries;
  private boolean finished;
  private boolean closed;

  private SstWriter(Path target, Options options) {
    this.target = target;
    this.options = options;
    this.env = new EnvOptions();
    this.writer = new SstFileWriter(env, options);
  }

  /** A writer with the options that {@code optionsFile} has for the family. */
  public static SstWriter open(Path optionsFile, String familyName, Path target) {
    try (StoredOptions stored = StoredOptions.load(optionsFile)) {
      ColumnFamilyOptions family = stored.family(familyName.getBytes(StandardCharsets.UTF_8));
      if (family == null) {
        throw DwarfException.invalid(
            "the options file " + optionsFile + " has no column family " + familyName);
      }
      return open(stored.database(), family, target);
    }
  }

  /** Copies the options. */
  static SstWriter open(DBOptions database, ColumnFamilyOptions family, Path target) {
    StoreFiles.createNew(target);
    SstWriter opened = new SstWriter(target, new Options(database, family));
    try {
      opened.writer.open(target.toString());
      return opened;
    } catch (RocksDBException e) {
      opened.close();
      throw StoreErrors.of("opening " + target + " for writing", e);
    }
  }

  public void put(MemorySegment key, MemorySegment value) {
    checkOpen();
    Limits.checkKeyValue(key.byteSize(), value.byteSize());
    ByteBuffer keyBuffer = direct(key, true);
    try {
      writer.put(keyBuffer, direct(value, false));
    } catch (RocksDBException e) {
      throw StoreErrors.of("writing to " + target, e);
    }
    added(key);
  }

  /** Writes a deletion, which hides the key in older files. */
  public void delete(MemorySegment key) {
    checkOpen();
    Limits.checkKeyValue(key.byteSize(), 0);
    try {
      writer.delete(key.toArray(ValueLayout.JAVA_BYTE));
    } catch (RocksDBException e) {
      throw StoreErrors.of("writing to " + target, e);
    }
    added(key);
  }

  /** Roughly what the file holds so far: blocks still being filled are not counted. */
  public long bytes() {
    checkOpen();
    try {
      return writer.fileSize();
    } catch (RocksDBException e) {
      throw StoreErrors.of("asking for the size of " + target, e);
    }
  }

  public long entries() {
    return entries;
  }

  /** Completes and syncs the file. A file without records is an error: RocksDB has no such. */
  public SstSummary finish() {
    checkOpen();
    if (entries == 0) {
      throw DwarfException.invalid(target + " has no records: an SST file needs at least one");
    }
    try {
      writer.finish();
    } catch (RocksDBException e) {
      throw StoreErrors.of("finishing " + target, e);
    }
    int crc = StoreFiles.crc32c(target);
    SstSummary summary =
        new SstSummary(target, StoreFiles.size(target), entries, smallest, largest, crc);
    finished = true;
    return summary;
  }

  /** Gives native memory back; deletes the file unless it was finished. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    writer.close();
    env.close();
    options.close();
    if (!finished) {
      StoreFiles.deleteQuietly(target);
    }
  }

  private void added(MemorySegment key) {
    if (entries++ == 0) {
      smallest = key.toArray(ValueLayout.JAVA_BYTE);
      largest = smallest;
    }
    remember(key);
  }

  private void remember(MemorySegment key) {
    int length = (int) key.byteSize();
    if (largest == smallest || largest.length != length) {
      largest = new byte[length];
    }
    MemorySegment.copy(key, ValueLayout.JAVA_BYTE, 0, largest, 0, length);
  }

  private ByteBuffer direct(MemorySegment bytes, boolean isKey) {
    if (bytes.isNative()) {
      return bytes.asByteBuffer();
    }
    int length = (int) bytes.byteSize();
    ByteBuffer scratch = isKey ? keyScratch : valueScratch;
    if (scratch.capacity() < length) {
      scratch = ByteBuffer.allocateDirect(Math.max(length, 2 * scratch.capacity()));
      if (isKey) {
        keyScratch = scratch;
      } else {
        valueScratch = scratch;
      }
    }
    scratch.clear().limit(length);
    MemorySegment.copy(bytes, 0, MemorySegment.ofBuffer(scratch), 0, length);
    return scratch;
  }

  private void checkOpen() {
    if (closed || finished) {
      throw new DwarfException(Kind.CLOSED, "the writer of " + target + " has been closed");
    }
  }
}
