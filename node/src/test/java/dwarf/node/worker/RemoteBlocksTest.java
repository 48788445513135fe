package dwarf.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RemoteBlocksTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());
  private static final int CHUNK = 100;

  private final byte[] image = new byte[5_050];
  private final List<Long> offsets = new ArrayList<>();

  /** Transfers that fail before the next one succeeds. */
  private int failures;

  private Kind failure = Kind.UNAVAILABLE;

  RemoteBlocksTest() {
    new Random(SEED).nextBytes(image);
  }

  private CompletableFuture<Void> read(long offset, MemorySegment target) {
    offsets.add(offset);
    if (failures > 0) {
      failures--;
      return CompletableFuture.failedFuture(new DwarfException(failure, "chosen to fail"));
    }
    MemorySegment.copy(MemorySegment.ofArray(image), offset, target, 0, target.byteSize());
    return CompletableFuture.completedFuture(null);
  }

  private RemoteBlocks blocks() {
    return new RemoteBlocks(this::read, image.length, CHUNK, () -> {});
  }

  private void assertRead(RemoteBlocks blocks, int offset, int length) {
    MemorySegment expected = MemorySegment.ofArray(image).asSlice(offset, length);
    assertThat(blocks.read(offset, length).mismatch(expected)).isEqualTo(-1);
  }

  @Test
  void readsForwardAskForEachChunkOnceAndAhead() {
    RemoteBlocks blocks = blocks();
    assertRead(blocks, 0, 40);
    assertThat(offsets).containsExactly(0L, 100L, 200L, 300L);
    for (int at = 40; at + 40 <= image.length; at += 40) {
      assertRead(blocks, at, 40);
    }
    assertThat(offsets).hasSize(51).doesNotHaveDuplicates();
    assertThat(blocks.bytesRead()).isEqualTo(image.length);
  }

  @Test
  void aReadAtTheEndAsksForNothingElse() {
    assertRead(blocks(), image.length - 10, 10);
    assertThat(offsets).containsExactly(5_000L);
  }

  @Test
  void randomReadsOfEverySizeGiveTheImage() {
    System.out.println("seed " + SEED + " (repeat with -Ddwarf.seed=" + SEED + ")");
    Random random = new Random(SEED);
    RemoteBlocks blocks = blocks();
    for (int i = 0; i < 3_000; i++) {
      int offset = random.nextInt(image.length);
      int most = random.nextBoolean() ? 80 : image.length;
      assertRead(blocks, offset, random.nextInt(Math.min(most, image.length - offset) + 1));
    }
  }

  @Test
  void aLostConnectionIsTriedOnceMore() {
    RemoteBlocks blocks = blocks();
    failures = 1;
    assertRead(blocks, 4_000, 20);
    failures = 2;
    assertKind(Kind.UNAVAILABLE, () -> blocks.read(2_000, 20));
    assertRead(blocks, 2_000, 20);
    failures = 2;
    assertKind(Kind.UNAVAILABLE, () -> blocks.read(0, 2_000));
  }

  @Test
  void otherFailuresAreFinal() {
    failures = 1;
    failure = Kind.STALE_HANDLE;
    RemoteBlocks blocks = blocks();
    assertKind(Kind.STALE_HANDLE, () -> blocks.read(4_000, 20));
    assertThat(offsets).hasSize(1);
  }

  @Test
  void readsOutsideTheImageAndOfAbandonedTasksAreRefused() {
    assertKind(Kind.CORRUPTION, () -> blocks().read(image.length - 5, 6));
    assertKind(Kind.CORRUPTION, () -> blocks().read(-1, 1));
    RemoteBlocks blocks =
        new RemoteBlocks(this::read, image.length, CHUNK, RemoteBlocksTest::refuse);
    assertKind(Kind.STALE_HANDLE, () -> blocks.read(0, 1));
    assertThat(offsets).isEmpty();
  }

  private static void refuse() {
    throw new DwarfException(Kind.STALE_HANDLE, "abandoned");
  }

  private static void assertKind(
      Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    assertThatThrownBy(c)
        .isInstanceOfSatisfying(DwarfException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
