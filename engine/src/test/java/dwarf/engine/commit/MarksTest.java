package dwarf.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.engine.WriteBatch;
import dwarf.memtable.WriteLane;
import org.junit.jupiter.api.Test;

/** Marks are found by the number their write begins with, and by no other. */
class MarksTest {

  private static final long END = 77;

  private final Marks marks = new Marks();

  @Test
  void aWriteIsFoundWhereItBegins() {
    marks.set(5, 8, END);
    assertThat(marks.end(5)).isEqualTo(END);
    assertThat(marks.end(4)).isEqualTo(WriteLane.REFUSED);
    assertThat(marks.end(6)).isEqualTo(WriteLane.REFUSED);
    assertThat(marks.end(9)).isEqualTo(WriteLane.REFUSED);
  }

  @Test
  void onlyASingleRecordIsFoundAsOne() {
    marks.set(5, 5, END);
    marks.set(6, 8, END);
    assertThat(marks.hasSingle(5)).isTrue();
    assertThat(marks.hasSingle(6)).isFalse();
    assertThat(marks.hasSingle(8)).isFalse();
  }

  /** M2: nobody takes marks away. */
  @Test
  void whatLiesThereFromARoundBeforeIsNotTakenForANewerWrite() {
    marks.set(5, 5, END);
    assertThat(marks.end(5 + Marks.RING)).isEqualTo(WriteLane.REFUSED);
    assertThat(marks.hasSingle(5 + Marks.RING)).isFalse();
    marks.set(5 + Marks.RING, 5 + Marks.RING, END + 1);
    assertThat(marks.end(5 + Marks.RING)).isEqualTo(END + 1);
    assertThat(marks.hasSingle(5)).isFalse();
  }

  /** M4: one that is not there is not taken for one of a round before. */
  @Test
  void aBatchIsTakenOnce() {
    CommitBatch batch = new WriteBatch().put(new byte[1], new byte[1]);
    marks.set(5, 8, END, batch);
    assertThat(marks.end(5)).isEqualTo(END);
    assertThat(marks.takeBatch(5)).isSameAs(batch);
    assertThat(marks.takeBatch(5)).isNull();
    marks.set(5 + Marks.RING, 5 + Marks.RING, END);
    assertThat(marks.takeBatch(5 + Marks.RING)).isNull();
  }

  /** A batch longer than the ring: numbers within it share its slot, and none begins a write. */
  @Test
  void aBatchMayBeLongerThanTheRing() {
    marks.set(1, 3L * Marks.RING, END);
    assertThat(marks.end(1)).isEqualTo(END);
    assertThat(marks.end(1 + 3L * Marks.RING)).isEqualTo(WriteLane.REFUSED);
  }

  @Test
  void everyNumberOfARoundHasASlotOfItsOwn() {
    for (int i = 0; i < Marks.RING; i++) {
      marks.set(1 + i, 1 + i, END + i);
    }
    for (int i = 0; i < Marks.RING; i++) {
      assertThat(marks.end(1 + i)).isEqualTo(END + i);
    }
  }
}
