package dwarf.fabric.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedPagesTest {

  private static final int PAGE = Pages.BYTES;

  @TempDir Path directory;

  @Test
  void theFileHasNoNameAndCanBeMappedForReading() throws IOException {
    try (SharedPages pages = SharedPages.reserve(directory, 2 * PAGE)) {
      try (var files = Files.list(directory)) {
        assertThat(files).isEmpty();
      }
      pages.commit(0, 2 * PAGE);
      pages.memory().fill((byte) 3);
      try (SharedFile seen = SharedFile.openReadOnly(pages.location());
          Arena arena = Arena.ofShared()) {
        MemorySegment mapped = seen.map(0, 2 * PAGE, false, arena);
        assertThat(mapped.mismatch(pages.memory())).isEqualTo(-1);
        assertThat(mapped.isReadOnly()).isTrue();
      }
    }
  }

  @Test
  void discardedPagesAreZero() {
    try (SharedPages pages = SharedPages.reserve(directory, 3 * PAGE)) {
      pages.commit(0, 3 * PAGE);
      pages.memory().fill((byte) 3);
      pages.discard(PAGE, PAGE);
      pages.commit(PAGE, PAGE);
      assertThat(pages.memory().asSlice(PAGE, PAGE).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
      assertThat(pages.memory().get(ValueLayout.JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 3);
      assertThat(pages.memory().get(ValueLayout.JAVA_BYTE, 2 * PAGE)).isEqualTo((byte) 3);
    }
  }

  /** More than any file system here has; refused as a whole, so that nothing is taken meanwhile. */
  @Test
  void pagesThatAreNotThereAreRefused() {
    long size = 1L << 43;
    try (SharedPages pages = SharedPages.reserve(Path.of("/dev/shm"), size)) {
      assertThatThrownBy(() -> pages.commit(0, size))
          .isInstanceOfSatisfying(
              DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_SPACE));
      pages.commit(size - PAGE, PAGE);
      assertThat(pages.memory().get(ValueLayout.JAVA_BYTE, size - 1)).isZero();
    }
  }

  @Test
  void anotherFileUnderTheSameNumberIsNotBelieved() {
    try (SharedPages pages = SharedPages.reserve(directory, PAGE)) {
      SharedFile.Location is = pages.location();
      for (SharedFile.Location claimed :
          new SharedFile.Location[] {
            new SharedFile.Location(
                is.pid(), is.fd(), is.bytes(), is.tokenLow() ^ 1, is.tokenHigh()),
            new SharedFile.Location(
                is.pid(), is.fd(), is.bytes(), is.tokenLow(), is.tokenHigh() ^ 1),
            new SharedFile.Location(
                is.pid(), is.fd(), is.bytes() + PAGE, is.tokenLow(), is.tokenHigh()),
            new SharedFile.Location(is.pid(), 0, is.bytes(), is.tokenLow(), is.tokenHigh()),
            new SharedFile.Location(is.pid(), 1 << 20, is.bytes(), is.tokenLow(), is.tokenHigh())
          }) {
        assertThatThrownBy(() -> SharedFile.openReadOnly(claimed))
            .isInstanceOfSatisfying(
                DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
      }
      assertThatThrownBy(() -> SharedFile.openSealed(is)).hasMessageContaining("not sealed");
    }
  }

  @Test
  void aLockIsHeldOnceUntilItIsClosed() {
    Path file = directory.resolve("name.lock");
    LockFile lock = LockFile.tryLock(file);
    assertThat(lock).isNotNull();
    assertThat(LockFile.tryLock(file)).isNull();
    assertThat(LockFile.tryLock(file)).isNull();
    lock.close();
    assertThat(file).doesNotExist();
    try (LockFile again = LockFile.tryLock(file)) {
      assertThat(again).isNotNull();
      assertThat(LockFile.tryLock(file)).isNull();
    }
  }
}
