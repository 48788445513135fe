package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.commit.Backpressure;
import dwarf.engine.stats.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryBackpressureTest {

  private static final long SECOND = 1_000_000_000;
  private static final long TICK = SECOND / 10;
  private static final long MB = 1_000_000;
  private static final long LOCAL = 32 * MB;
  private static final long CAPACITY = 288 * MB;
  private static final long JOB = 64 * MB;
  private static final long FULL_SPEED = 60 * MB;

  private final FlushPace pace = new FlushPace();
  private long now;
  private long room = CAPACITY;
  private final MemoryBackpressure memory =
      new MemoryBackpressure(
          () -> new MemoryBackpressure.Room(room, LOCAL, CAPACITY), pace, () -> now);

  @BeforeEach
  void flushSixteenMegabytesASecond() {
    pace.begin(JOB, now);
    now += 4 * SECOND;
    pace.end(true, now);
  }

  @Test
  void writersAreLeftAloneWhileThereIsRoom() {
    room = CAPACITY / 8;
    assertThat(memory.verdict()).isEqualTo(Backpressure.Verdict.GO);
  }

  @Test
  void theLastEighthIsUsedUpSlowly() {
    room = CAPACITY / 8 - 1;
    pace.begin(JOB, now);
    Backpressure.Verdict verdict = memory.verdict();
    assertThat(verdict.action()).isEqualTo(Backpressure.Action.SLOW);
    assertThat(verdict.reason()).isEqualTo(Counter.STALL_DM);
    assertThat(verdict.bytesPerSecond()).isBetween(8 * MB, 10 * MB);
  }

  @Test
  void ofALargePoolThatManyShareASmallPartIsPlenty() {
    long shared = 1000 * CAPACITY;
    assertThat(new MemoryBackpressure.Room(2 * LOCAL, LOCAL, shared).isPlenty()).isTrue();
    assertThat(new MemoryBackpressure.Room(2 * LOCAL - 1, LOCAL, shared).isPlenty()).isFalse();
  }

  @Test
  void withoutDisaggregatedMemoryItIsTheLocalOneThatIsShort() {
    assertThat(new MemoryBackpressure.Room(0, LOCAL, LOCAL).reason())
        .isEqualTo(Counter.STALL_LOCAL_MEMORY);
  }

  @Test
  void writersWhoAreFasterThanFlushesNeverStopAndLoseNothing() {
    long written = 0;
    for (int job = 0; job < 20; job++) {
      pace.begin(JOB, now);
      long flushNanos = 4 * SECOND + (job % 5 - 2) * SECOND / 5;
      long installed = now + flushNanos;
      while (now < installed) {
        long taken = Math.min(FULL_SPEED, allowed()) / 10;
        assertThat(room).as("room at %d ms of job %d", now / MB, job).isGreaterThan(taken);
        room -= taken;
        written += taken;
        now += TICK;
      }
      pace.end(true, now);
      room += JOB;
    }
    assertThat(written).as("what was flushed, and the room there was").isGreaterThan(20 * JOB);
  }

  private long allowed() {
    Backpressure.Verdict verdict = memory.verdict();
    return verdict.action() == Backpressure.Action.GO ? FULL_SPEED : verdict.bytesPerSecond();
  }
}
