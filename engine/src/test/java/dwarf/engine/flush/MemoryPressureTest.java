package dwarf.engine.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.commit.Backpressure.Action;
import dwarf.engine.commit.Backpressure.Verdict;
import dwarf.engine.dm.MemoryRoom;
import dwarf.engine.stats.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryPressureTest {

  private static final long SECOND = 1_000_000_000;
  private static final long TICK = SECOND / 10;
  private static final long MB = 1_000_000;
  private static final long BUFFER = 16 * MB;
  private static final long LOCAL = 2 * BUFFER;
  private static final long ELSEWHERE = 16 * BUFFER;
  private static final long LAST_PART = (LOCAL + ELSEWHERE) / 8;
  private static final long JOB = 4 * BUFFER;
  private static final long FULL_SPEED = 60 * MB;

  private final FlushPace pace = new FlushPace(BUFFER);
  private long now;
  private MemoryRoom local = new MemoryRoom(LOCAL, LOCAL);
  private MemoryRoom elsewhere = new MemoryRoom(ELSEWHERE, ELSEWHERE);
  private final MemoryPressure memory =
      new MemoryPressure(() -> new MemoryPressure.Room(local, elsewhere), BUFFER, pace, () -> now);

  @BeforeEach
  void flushSixteenMegabytesASecond() {
    pace.begin(JOB, now);
    now += 4 * SECOND;
    pace.end(true, now);
    pace.begin(JOB, now);
  }

  private void leave(long localFree, long freeElsewhere) {
    local = new MemoryRoom(localFree, LOCAL);
    elsewhere = new MemoryRoom(freeElsewhere, ELSEWHERE);
  }

  @Test
  void theLastEighthIsUsedUpSlowly() {
    leave(LAST_PART - BUFFER, BUFFER);
    assertThat(memory.get()).isEqualTo(Verdict.GO);
    leave(LAST_PART - BUFFER - 1, BUFFER);
    Verdict verdict = memory.get();
    assertThat(verdict.action()).isEqualTo(Action.SLOW);
    assertThat(verdict.reason()).isEqualTo(Counter.STALL_DM);
    assertThat(verdict.bytesPerSecond()).isEqualTo(LAST_PART / 8);
  }

  @Test
  void lessThanAMemtableElsewhereIsNoRoom() {
    leave(LOCAL * 3 / 4 - 1, BUFFER - 1);
    assertThat(memory.get().bytesPerSecond()).isEqualTo(LOCAL * 3 / 4 / 8);
  }

  @Test
  void withoutAFlushUnderWayNobodyIsHeldBack() {
    pace.end(true, now);
    now += SECOND;
    leave(0, 0);
    assertThat(memory.get()).isEqualTo(Verdict.GO);
  }

  @Test
  void ofALargePoolThatManyShareASmallPartIsPlenty() {
    elsewhere = new MemoryRoom(2 * BUFFER, 1000 * ELSEWHERE);
    assertThat(memory.get()).isEqualTo(Verdict.GO);
    elsewhere = new MemoryRoom(BUFFER, 1000 * ELSEWHERE);
    assertThat(memory.get().action()).isEqualTo(Action.SLOW);
  }

  @Test
  void whereNothingMoreIsTakenAQuarterOfTheLocalMemoryIsUsedAtFullSpeed() {
    elsewhere = new MemoryRoom(0, 1000 * ELSEWHERE);
    local = new MemoryRoom(LOCAL * 3 / 4, LOCAL);
    assertThat(memory.get()).isEqualTo(Verdict.GO);
    local = new MemoryRoom(LOCAL * 3 / 4 - 1, LOCAL);
    assertThat(memory.get().action()).isEqualTo(Action.SLOW);
  }

  @Test
  void withoutDisaggregatedMemoryItIsTheLocalOneThatIsShort() {
    elsewhere = MemoryRoom.NONE;
    local = new MemoryRoom(LOCAL / 8, LOCAL);
    assertThat(memory.get()).isEqualTo(Verdict.GO);
    local = new MemoryRoom(LOCAL / 8 - 1, LOCAL);
    assertThat(memory.get().reason()).isEqualTo(Counter.STALL_LOCAL_MEMORY);
  }

  /** Flushes take up to 40 % more or less than expected, and writes a third more memory. */
  @Test
  void writersWhoAreFasterThanFlushesNeverStopAndLeaveLittleUnused() {
    pace.end(false, now);
    long room = LOCAL + ELSEWHERE;
    long unused = 0;
    int jobs = 40;
    for (int job = 0; job < jobs; job++) {
      pace.begin(JOB, now);
      long installed = now + 4 * SECOND + (job % 5 - 2) * (4 * SECOND / 5);
      while (now < installed) {
        leave(Math.min(room, BUFFER), Math.max(0, room - BUFFER));
        long taken = Math.min(FULL_SPEED, allowed()) / 10;
        assertThat(room).as("room at %d ms of job %d", now / MB, job).isGreaterThan(taken * 4 / 3);
        room -= taken * 4 / 3;
        now += TICK;
      }
      pace.end(true, now);
      unused += job < jobs / 2 ? 0 : room;
      room += JOB;
    }
    assertThat(unused / (jobs / 2))
        .as("room left when there is more")
        .isLessThan(LAST_PART * 3 / 4);
  }

  private long allowed() {
    Verdict verdict = memory.get();
    return verdict.action() == Action.GO ? FULL_SPEED : verdict.bytesPerSecond();
  }
}
