package dwarf.engine.dm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryRoomTest {

  private static final MemoryRoom POOL = new MemoryRoom(600, 1000);

  @Test
  void withoutAQuotaThePoolIsAllThereIs() {
    assertThat(MemoryRoom.within(POOL, 0, 100)).isEqualTo(POOL);
    assertThat(MemoryRoom.within(POOL, 1000, 100)).isEqualTo(POOL);
  }

  @Test
  void aQuotaIsAllThereIsButNotAllOfItNeedBeFree() {
    assertThat(MemoryRoom.within(POOL, 500, 100)).isEqualTo(new MemoryRoom(400, 500));
    assertThat(MemoryRoom.within(POOL, 900, 100)).isEqualTo(new MemoryRoom(600, 900));
    assertThat(MemoryRoom.within(POOL, 500, 500)).isEqualTo(new MemoryRoom(0, 500));
    assertThat(MemoryRoom.within(POOL, 500, 501)).isEqualTo(new MemoryRoom(0, 500));
  }

  @Test
  void aNodeThatSaysItUsesMoreThanItHasIsFull() {
    MemoryRoom full = MemoryRoom.of(100, 130);
    assertThat(full).isEqualTo(new MemoryRoom(0, 100));
    assertThat(MemoryRoom.within(full, 60, 10)).isEqualTo(new MemoryRoom(0, 60));
    assertThat(MemoryRoom.of(100, 30)).isEqualTo(new MemoryRoom(70, 100));
  }
}
