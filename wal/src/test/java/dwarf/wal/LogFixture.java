package dwarf.wal;

import dwarf.wal.io.MemoryDisk;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A log in memory, and what its tests say again and again. */
final class LogFixture {

  static final UUID DATABASE = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  static final Path DIRECTORY = Path.of("/wal");
  static final BatchConsumer NOBODY = (first, count, batch) -> {};

  private LogFixture() {}

  static MemoryDisk disk() throws Exception {
    MemoryDisk disk = new MemoryDisk();
    disk.createDirectory(DIRECTORY);
    return disk;
  }

  static LogSource source(MemoryDisk disk) {
    return source(disk, 1, 0, false);
  }

  static LogSource source(MemoryDisk disk, long epoch, long durableThrough, boolean powerLost) {
    return new LogSource(
        disk, DIRECTORY, new LogIdentity(DATABASE, 1, epoch), false, durableThrough, powerLost);
  }

  static RecoveryOptions options(RecoveryMode mode) {
    return new RecoveryOptions(mode, Map.of());
  }

  static WalWriter create(MemoryDisk disk) {
    return WalRecovery.recover(source(disk), options(RecoveryMode.DEFAULT), NOBODY).writer();
  }

  static MemorySegment utf8(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A group of one batch with one record of family 0, which says its sequence. */
  static WalFrame frame(long sequence) {
    return frame(sequence, 0, 1);
  }

  static WalFrame frame(long sequence, int family, int count) {
    BatchWriter batch = new BatchWriter();
    for (int i = 0; i < count; i++) {
      batch.put(family, utf8("k" + (sequence + i)), utf8("v"));
    }
    return WalFrame.of(batch.at(sequence));
  }

  static Path segment(long number) {
    return new LogFiles(null, DIRECTORY).segment(number);
  }

  /** What a recovery delivered: each record's sequence and key. */
  static final class Collected implements BatchConsumer {
    final List<String> records = new ArrayList<>();

    @Override
    public void accept(long firstSequence, int count, MemorySegment batch) {
      long[] sequence = {firstSequence};
      int read =
          BatchCodec.forEach(
              batch,
              (type, family, key, value) ->
                  records.add(sequence[0]++ + "=" + dwarf.base.Keys.show(key)));
      if (read != count) {
        throw new AssertionError(read + " records, announced as " + count);
      }
    }
  }

  /** What sequences 1 to n look like, collected, when each frame says its sequence. */
  static List<String> upTo(long last) {
    List<String> records = new ArrayList<>();
    for (long i = 1; i <= last; i++) {
      records.add(i + "=k" + i);
    }
    return records;
  }
}
