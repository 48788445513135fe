package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadAheadTest {

  private final List<Integer> loads = new ArrayList<>();

  @Test
  void everyRecordIsLoadedOnceBeforeItIsReached() {
    LoadAhead ahead = LoadAhead.ofRecords(new Recording(), 5);
    for (int i = 5; i < 60; i++) {
      ahead.reach(i);
      assertThat(loads).contains(i).doesNotHaveDuplicates();
    }
    assertThat(loads).doesNotContain(4);
  }

  @Test
  void aWalkThatLeavesRecordsOutLoadsFromWhereItIs() {
    LoadAhead ahead = LoadAhead.ofHeads(new Recording());
    ahead.reach(0);
    ahead.reach(100);
    assertThat(loads).contains(0, 100).doesNotContain(99);
  }

  /** Knows nothing but what was loaded. */
  private final class Recording implements SortedRecords {

    private final SortedRecords none = new ListRecords(List.of());

    @Override
    public long touch(int from, int records) {
      for (int i = from; i < from + records; i++) {
        loads.add(i);
      }
      return records;
    }

    @Override
    public long touchHeads(int from, int records) {
      return touch(from, records);
    }

    @Override
    public int count() {
      return none.count();
    }

    @Override
    public MemorySegment key(int i) {
      return none.key(i);
    }

    @Override
    public int keyLength(int i) {
      return none.keyLength(i);
    }

    @Override
    public boolean sameKey(int i) {
      return none.sameKey(i);
    }

    @Override
    public long sequence(int i) {
      return none.sequence(i);
    }

    @Override
    public RecordType type(int i) {
      return none.type(i);
    }

    @Override
    public MemorySegment value(int i) {
      return none.value(i);
    }

    @Override
    public int valueLength(int i) {
      return none.valueLength(i);
    }
  }
}
