package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.wal.LogFixture.Collected;
import dwarf.wal.io.DiskError;
import dwarf.wal.io.MemoryDisk;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that may stay in the process: a crash takes a tail of them, and nothing else. */
final class BufferedLogTest {

  private static final int STEPS = 400;

  private MemoryDisk disk;

  @BeforeEach
  void newDisk() throws Exception {
    disk = LogFixture.disk();
  }

  @Test
  void aCrashLosesWhatWasNotFlushed() {
    WalWriter writer = LogFixture.create(disk);
    writer.append(LogFixture.frame(1));
    writer.appendBuffered(LogFixture.frame(2));
    writer.appendBuffered(LogFixture.frame(3));
    assertThat(afterKill()).isEqualTo(LogFixture.upTo(1));
    writer.flush();
    assertThat(afterKill()).isEqualTo(LogFixture.upTo(3));
    assertThat(writer.durableThrough()).isZero();
  }

  @Test
  void anAppendThatIsNotBufferedTakesThoseBeforeItAlong() {
    WalWriter writer = LogFixture.create(disk);
    writer.appendBuffered(LogFixture.frame(1));
    writer.append(LogFixture.frame(2));
    assertThat(afterKill()).isEqualTo(LogFixture.upTo(2));
  }

  @Test
  void aSyncCoversWhatIsBuffered() {
    WalWriter writer = LogFixture.create(disk);
    writer.appendBuffered(LogFixture.frame(1));
    writer.sync();
    assertThat(writer.durableThrough()).isEqualTo(1);
    assertThat(afterKill()).isEqualTo(LogFixture.upTo(1));
  }

  @Test
  void theSegmentsSayWhatCanBeReadBack() {
    WalWriter writer = LogFixture.create(disk);
    writer.append(LogFixture.frame(1));
    long written = writer.currentBytes();
    writer.appendBuffered(LogFixture.frame(2));
    assertThat(writer.currentBytes()).isGreaterThan(written);
    assertThat(writer.segments().getLast().bytes()).isEqualTo(written);
    Collected read = new Collected();
    writer.readBack(1, 2, read);
    assertThat(read.records).isEqualTo(LogFixture.upTo(1));
  }

  @Test
  void aFullDiskLeavesItInTheBuffer() {
    WalWriter writer = LogFixture.create(disk);
    writer.appendBuffered(LogFixture.frame(1));
    disk.setShortWrite(20);
    disk.setFault(BufferedLogTest::full);
    assertNoSpace(writer::flush);
    assertNoSpace(() -> writer.append(LogFixture.frame(2)));
    assertNoSpace(() -> writer.rotate(Map.of()));
    disk.setFault((operation, file) -> null);
    writer.append(LogFixture.frame(2));
    assertThat(afterKill()).isEqualTo(LogFixture.upTo(2));
  }

  /** Any mixture of calls, and a crash after each. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsFoundIsAlwaysAPrefixWithAllThatWasFlushed(long seed) {
    Random random = new Random(seed);
    WalWriter writer = LogFixture.create(disk);
    long last = 0;
    long flushed = 0;
    for (int step = 0; step < STEPS; step++) {
      int kind = random.nextInt(100);
      if (kind < 80) {
        WalFrame frame = frame(last + 1, bytes(kind));
        last++;
        if (kind % 8 == 0) {
          writer.append(frame);
          flushed = last;
        } else {
          writer.appendBuffered(frame);
        }
      } else {
        flushSomehow(writer, kind);
        flushed = last;
      }
      List<String> found = afterKill();
      assertThat(found).as("step %d", step).isEqualTo(LogFixture.upTo(found.size()));
      assertThat((long) found.size()).as("step %d", step).isBetween(flushed, last);
    }
    writer.close();
    assertThat(afterKill()).isEqualTo(LogFixture.upTo(last));
  }

  private static int bytes(int kind) {
    if (kind < 3) {
      return StagingBuffer.MAX_BYTES + 1000;
    }
    return kind < 20 ? 60_000 : 10;
  }

  private static void flushSomehow(WalWriter writer, int kind) {
    if (kind < 90) {
      writer.flush();
    } else if (kind < 95) {
      writer.sync();
    } else {
      writer.rotate(Map.of());
    }
  }

  private static WalFrame frame(long sequence, int valueBytes) {
    BatchWriter batch = new BatchWriter();
    MemorySegment value = MemorySegment.ofArray(new byte[valueBytes]);
    batch.put(0, LogFixture.utf8("k" + sequence), value);
    return WalFrame.of(batch.at(sequence));
  }

  private List<String> afterKill() {
    Collected collected = new Collected();
    WalRecovery.recover(
        LogFixture.source(disk.afterKill(), 2, 0, false),
        LogFixture.options(RecoveryMode.DEFAULT),
        collected);
    return collected.records;
  }

  private static DiskError full(String operation, Path file) {
    return operation.equals("write") ? new DiskError(operation, file, DiskError.ENOSPC) : null;
  }

  private static void assertNoSpace(ThrowingCallable call) {
    assertThatThrownBy(call)
        .extracting(e -> ((DwarfException) e).kind())
        .isEqualTo(DwarfException.Kind.NO_SPACE);
  }
}
