package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Lookup;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** A memtable, written group by group, and next to it the plainest model of what it holds. */
final class MemTableDriver {

  final MemTable table;
  final TreeSet<Rec> model = new TreeSet<>();

  MemTableDriver(MemTable table) {
    this.table = table;
  }

  static long bytes(List<Rec> group) {
    return group.stream().mapToLong(r -> MemTable.recordBytes(r.key.length, r.value.length)).sum();
  }

  static void add(MemTable table, Rec record) {
    table.add(
        record.sequence,
        record.type,
        MemorySegment.ofArray(record.key),
        MemorySegment.ofArray(record.value));
  }

  boolean write(List<Rec> group) {
    if (!table.prepare(bytes(group), group.size())) {
      return false;
    }
    group.forEach(record -> add(table, record));
    table.publish();
    model.addAll(group);
    return true;
  }

  boolean write(Rec... group) {
    return write(List.of(group));
  }

  ListCursor modelCursor() {
    return new ListCursor(new ArrayList<>(model));
  }

  List<Rec> sorted() {
    SortedRecords sorted = table.sorted();
    List<Rec> all = new ArrayList<>();
    for (int i = 0; i < sorted.count(); i++) {
      Rec record =
          new Rec(
              sorted.key(i).toArray(ValueLayout.JAVA_BYTE),
              sorted.sequence(i),
              sorted.type(i),
              sorted.value(i).toArray(ValueLayout.JAVA_BYTE));
      assertThat(sorted.keyLength(i)).isEqualTo(record.key.length);
      assertThat(sorted.valueLength(i)).isEqualTo(record.value.length);
      assertThat(sorted.payloadBytes(i)).isEqualTo(record.key.length + record.value.length);
      assertThat(sorted.sameKey(i))
          .isEqualTo(i > 0 && Arrays.equals(all.get(i - 1).key, record.key));
      all.add(record);
    }
    return all;
  }

  void checkGet(byte[] key, long sequence) {
    Lookup out = new Lookup();
    boolean isFinal = table.get(MemorySegment.ofArray(key), sequence, out);
    Rec expected = model.ceiling(new Rec(key, sequence, RecordType.PUT, new byte[0]));
    if (expected == null || !Arrays.equals(expected.key, key)) {
      assertThat(isFinal).as("%s absent", expected).isFalse();
      assertThat(out.state()).isEqualTo(Lookup.State.ABSENT);
      return;
    }
    assertThat(isFinal).as("%s found", expected).isTrue();
    assertThat(out.sequence()).isEqualTo(expected.sequence);
    assertThat(out.state())
        .isEqualTo(expected.type.isDeletion() ? Lookup.State.DELETED : Lookup.State.FOUND);
    assertThat(out.value().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected.value);
  }
}
