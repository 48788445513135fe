package dwarf.storage;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The few file operations that RocksDB does not do for us. */
final class StoreFiles {

  private static final Logger LOG = LoggerFactory.getLogger(StoreFiles.class);
  private static final int BUFFER_BYTES = 1 << 20;

  private StoreFiles() {}

  /** Creates an empty file; refuses one that exists, whatever it is. */
  static void createNew(Path file) {
    try {
      Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
    } catch (IOException e) {
      throw DwarfException.io(
          "cannot create " + file + " (staged files are created once and never reused): " + e, e);
    }
  }

  static int crc32c(Path file) {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(buffer.clear()) >= 0) {
        crc.update(buffer.flip());
      }
    } catch (IOException e) {
      throw DwarfException.io("cannot read " + file + ": " + e, e);
    }
    return (int) crc.getValue();
  }

  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw DwarfException.io("cannot read the size of " + file + ": " + e, e);
    }
  }

  /** Copies a small file to a place where nothing may be yet, and syncs the copy. */
  static void copyNew(Path source, Path target) throws IOException {
    byte[] content = Files.readAllBytes(source);
    try (FileChannel channel =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  /** Deletes what a failed or abandoned attempt left; a sweeper gets what cannot be deleted. */
  static void deleteQuietly(Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot delete {}: {}; it takes up space until it is swept", file, e.toString());
    }
  }
}
