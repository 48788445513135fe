package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.wal.io.NativeDisk;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log on the operating system's files. */
final class NativeLogTest {

  @TempDir Path directory;

  @Test
  void interruptsOfTheCommittingThreadDoNotBreakTheLog() {
    WalWriter writer = recover(LogFixture.NOBODY).writer();
    for (long i = 1; i <= 50; i++) {
      Thread.currentThread().interrupt();
      writer.append(LogFixture.frame(i));
      writer.sync();
      if (i % 20 == 0) {
        writer.rotate(Map.of());
      }
      assertThat(Thread.interrupted()).as("the interrupt is the caller's").isTrue();
    }
    Thread.currentThread().interrupt();
    writer.close();
    LogFixture.Collected found = new LogFixture.Collected();
    recover(found).writer().close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(found.records).isEqualTo(LogFixture.upTo(50));
  }

  @Test
  void interruptsFromOutsideDuringAppendsDoNotBreakTheLog() throws Exception {
    WalWriter writer = recover(LogFixture.NOBODY).writer();
    AtomicBoolean isDone = new AtomicBoolean();
    Thread leader =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (long i = 1; i <= 2000; i++) {
                    writer.append(LogFixture.frame(i));
                  }
                  isDone.set(true);
                });
    while (leader.isAlive()) {
      leader.interrupt();
      Thread.onSpinWait();
    }
    assertThat(isDone).isTrue();
    writer.close();
    LogFixture.Collected found = new LogFixture.Collected();
    recover(found).writer().close();
    assertThat(found.records).isEqualTo(LogFixture.upTo(2000));
  }

  /** Whatever is asked for next to it: frames go on, and segments end meanwhile. */
  @Test
  void syncsBesideAppendsAndRotationsCoverWhatTheyWereAskedFor() throws Exception {
    WalWriter writer = recover(LogFixture.NOBODY).writer();
    AtomicBoolean isSyncedRight = new AtomicBoolean(true);
    AtomicBoolean isAppending = new AtomicBoolean(true);
    Thread syncing =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (isAppending.get()) {
                    long through = writer.lastSequence();
                    writer.syncWritten(through);
                    long durable = writer.durableThrough();
                    if (durable < through || durable > writer.lastSequence()) {
                      isSyncedRight.set(false);
                    }
                  }
                });
    for (long i = 1; i <= 3000; i++) {
      writer.append(LogFixture.frame(i));
      if (i % 100 == 0) {
        writer.rotate(Map.of());
      }
    }
    isAppending.set(false);
    syncing.join();
    assertThat(isSyncedRight).isTrue();
    assertThat(writer.isUsable()).isTrue();
    writer.close();
    LogFixture.Collected found = new LogFixture.Collected();
    recover(found).writer().close();
    assertThat(found.records).isEqualTo(LogFixture.upTo(3000));
  }

  @Test
  void framesOfEverySizeAroundTheBuffersComeBack() {
    int[] sizes = {
      0,
      1,
      16 << 10,
      StagingBuffer.MAX_BYTES - 60,
      StagingBuffer.MAX_BYTES - 40,
      StagingBuffer.MAX_BYTES,
      StagingBuffer.MAX_BYTES + 1,
      3 * StagingBuffer.MAX_BYTES,
      9 << 20
    };
    try (Arena arena = Arena.ofConfined()) {
      WalWriter writer = recover(LogFixture.NOBODY).writer();
      long sequence = 1;
      for (int size : sizes) {
        BatchWriter small = new BatchWriter();
        small.delete(1, LogFixture.utf8("small"));
        MemorySegment value = arena.allocate(Math.max(1, size)).fill((byte) sequence);
        BatchWriter batch = new BatchWriter();
        batch.put(0, LogFixture.utf8("key"), value.asSlice(0, size));
        WalBatch first = small.at(sequence);
        WalBatch second = batch.at(sequence + 1);
        writer.append(new WalFrame(List.of(first, second)));
        sequence += 2;
      }
      writer.close();
    }
    int[] next = {0};
    recover(
            (first, count, bytes) ->
                BatchCodec.forEach(
                    bytes,
                    (type, family, key, value) -> {
                      if (family == 0) {
                        assertThat(value.byteSize()).isEqualTo(sizes[next[0]++]);
                        for (long i = 0; i < value.byteSize(); i += 4093) {
                          assertThat(value.get(ValueLayout.JAVA_BYTE, i))
                              .isEqualTo((byte) (first - 1));
                        }
                      }
                    }))
        .writer()
        .close();
    assertThat(next[0]).isEqualTo(sizes.length);
  }

  @Test
  void filesAreNeverOverwritten() throws Exception {
    Path file = directory.resolve("file");
    NativeDisk.INSTANCE.create(file).close();
    assertThatThrownBy(() -> NativeDisk.INSTANCE.create(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> NativeDisk.INSTANCE.link(file, file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> NativeDisk.INSTANCE.open(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
  }

  private RecoveredLog recover(BatchConsumer consumer) {
    LogIdentity identity = new LogIdentity(LogFixture.DATABASE, 1, 1);
    LogSource source = new LogSource(NativeDisk.INSTANCE, directory, identity, false, 0, false);
    return WalRecovery.recover(source, LogFixture.options(RecoveryMode.DEFAULT), consumer);
  }
}
