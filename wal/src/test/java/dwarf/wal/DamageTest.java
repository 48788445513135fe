package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.wal.LogFixture.Collected;
import dwarf.wal.io.MemoryDisk;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A small log of three segments, cut at every byte and with every bit flipped, in every mode: what
 * comes back is an exact prefix (with SKIP a subset), or recovery refuses. Never a wrong record.
 */
final class DamageTest {

  private static final int SEGMENTS = 3;

  /** Sequences 1 to 6 are in the first two segments, 9 to 11 in the last, 10 and 11 unsynced. */
  private static final List<String> RECORDS =
      List.of("1=k1", "2=k2", "3=k3", "4=k4", "5=k5", "6=k6", "9=k9", "10=k10", "11=k11");

  /** Proven by the frames behind them. */
  private static final int DURABLE_RECORDS = 7;

  /** Proven by the last segment's header, even if the segment holds nothing else any more. */
  private static final int CLOSED_RECORDS = 6;

  private static final int ZEROS = 40;

  private MemoryDisk pristine;

  @BeforeEach
  void writeLog() throws Exception {
    pristine = LogFixture.disk();
    WalWriter writer = LogFixture.create(pristine);
    writer.append(LogFixture.frame(1));
    writer.append(LogFixture.frame(2, 0, 2));
    writer.sync();
    writer.rotate(Map.of(0, 0L));
    writer.append(LogFixture.frame(4));
    writer.append(LogFixture.frame(5, 0, 2));
    writer.rotate(Map.of(0, 0L, 1, 0L));
    writer.append(LogFixture.frame(9));
    writer.sync();
    writer.append(LogFixture.frame(10));
    writer.append(LogFixture.frame(11));
    pristine = pristine.afterKill();
    keepFewZeros(writer.segments().getLast());
    writer.close();
  }

  /** Of the space set aside behind the last frame. */
  private void keepFewZeros(WalSegment last) {
    byte[] whole = pristine.content(last.path());
    assertThat(whole.length).isGreaterThan((int) last.bytes() + ZEROS);
    pristine.setContent(last.path(), Arrays.copyOf(whole, (int) last.bytes() + ZEROS));
  }

  @ParameterizedTest
  @EnumSource(RecoveryMode.class)
  void cutAtEveryByte(RecoveryMode mode) {
    for (int segment = 1; segment <= SEGMENTS; segment++) {
      byte[] whole = pristine.content(LogFixture.segment(segment));
      for (int length = 0; length < whole.length; length++) {
        check(mode, segment, Arrays.copyOf(whole, length), CLOSED_RECORDS, "cut at " + length);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RecoveryMode.class)
  void everyBitFlipped(RecoveryMode mode) {
    for (int segment = 1; segment <= SEGMENTS; segment++) {
      byte[] whole = pristine.content(LogFixture.segment(segment));
      for (int bit = 0; bit < 8 * whole.length; bit++) {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        check(mode, segment, flipped, DURABLE_RECORDS, "bit " + bit + " flipped");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RecoveryMode.class)
  void everySegmentMissing(RecoveryMode mode) throws Exception {
    for (int segment = 1; segment <= SEGMENTS; segment++) {
      MemoryDisk disk = pristine.afterKill();
      disk.delete(LogFixture.segment(segment));
      Outcome outcome = recover(disk, mode, false);
      if (segment == SEGMENTS) {
        // Nothing in the log itself tells that a newest segment is missing.
        assertThat(outcome.records).isEqualTo(RECORDS.subList(0, 6));
      } else if (mode == RecoveryMode.SKIP_ANY_CORRUPTED_RECORDS) {
        assertThat(outcome.records).isSubsetOf(RECORDS).contains("9=k9");
      } else {
        assertThat(outcome.refusal).isEqualTo(DwarfException.Kind.CORRUPTION);
      }
    }
  }

  private void check(
      RecoveryMode mode, int segment, byte[] damaged, int provenRecords, String what) {
    Path file = LogFixture.segment(segment);
    for (boolean powerLost : mode == RecoveryMode.DEFAULT ? List.of(false, true) : List.of(false)) {
      MemoryDisk disk = pristine.afterKill();
      disk.setContent(file, damaged);
      String where = mode + ", segment " + segment + ", " + what;
      Outcome outcome = recover(disk, mode, powerLost);
      if (outcome.refusal != null) {
        // What may be a newer format is refused even by the modes that give up records.
        assertThat(mode.isLossy() && outcome.refusal == DwarfException.Kind.CORRUPTION)
            .as(where)
            .isFalse();
        continue;
      }
      List<String> found = outcome.records;
      if (mode == RecoveryMode.SKIP_ANY_CORRUPTED_RECORDS) {
        assertSubset(found, where);
      } else if (!found.equals(RECORDS.subList(0, found.size()))) {
        throw new AssertionError(where + " gives no prefix: " + found);
      }
      if (!mode.isLossy() && found.size() < provenRecords) {
        throw new AssertionError(where + " loses synced records: " + found);
      }
      Outcome second = recover(disk, RecoveryMode.DEFAULT, false);
      List<String> again = second.records;
      if (!found.equals(again)) {
        throw new AssertionError(where + " gives " + found + ", then " + second);
      }
    }
  }

  private static void assertSubset(List<String> found, String where) {
    Set<String> unique = new HashSet<>(found);
    if (unique.size() != found.size() || !RECORDS.containsAll(found)) {
      throw new AssertionError(where + " gives wrong records: " + found);
    }
  }

  /** What came back, or why recovery refused. */
  private record Outcome(List<String> records, DwarfException.Kind refusal, String message) {}

  private static Outcome recover(MemoryDisk disk, RecoveryMode mode, boolean powerLost) {
    Collected collected = new Collected();
    try {
      WalRecovery.recover(
              LogFixture.source(disk, 2, 0, powerLost),
              new RecoveryOptions(mode, Map.of(0, 0L)),
              collected)
          .writer()
          .close();
      return new Outcome(collected.records, null, null);
    } catch (DwarfException e) {
      assertThat(e.kind()).isIn(DwarfException.Kind.CORRUPTION, DwarfException.Kind.NOT_SUPPORTED);
      assertThat(collected.records).isEmpty();
      return new Outcome(List.of(), e.kind(), e.getMessage());
    }
  }
}
