package dwarf.systemtests.model;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.systemtests.model.ModelState.Value;
import dwarf.systemtests.model.Request.Move;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** An open iterator and the rows it must show, whatever is written after it was opened. */
final class Walk {

  private static final List<Move> SEEKS =
      List.of(Move.FIRST, Move.LAST, Move.SEEK, Move.SEEK_FOR_PREV);

  private final ModelSubject subject;
  private final RandomData data;
  private final int number;
  private final NavigableMap<byte[], Value> rows;
  private Map.Entry<byte[], Value> at;

  private Walk(
      ModelSubject subject, RandomData data, int number, NavigableMap<byte[], Value> rows) {
    this.subject = subject;
    this.data = data;
    this.number = number;
    this.rows = rows;
  }

  /**
   * @param rows all of the family as of the snapshot; the walk may get bounds
   */
  static Walk open(
      ModelSubject subject,
      RandomData data,
      Request.OpenIterator request,
      NavigableMap<byte[], Value> rows) {
    NavigableMap<byte[], Value> within = rows;
    if (request.lower() != null) {
      within = within.tailMap(request.lower(), true);
    }
    if (request.upper() != null) {
      within = within.headMap(request.upper(), false);
    }
    subject.call(request);
    return new Walk(subject, data, request.number(), within);
  }

  void steps(int count) {
    for (int i = 0; i < count; i++) {
      if (at == null || data.oneIn(5)) {
        step(data.anyOf(SEEKS), data.key());
      } else {
        step(data.oneIn(3) ? Move.PREV : Move.NEXT, null);
      }
    }
  }

  private void step(Move move, byte[] key) {
    at =
        switch (move) {
          case FIRST -> rows.firstEntry();
          case LAST -> rows.lastEntry();
          case SEEK -> rows.ceilingEntry(key);
          case SEEK_FOR_PREV -> rows.floorEntry(key);
          case NEXT -> rows.higherEntry(at.getKey());
          case PREV -> rows.lowerEntry(at.getKey());
        };
    byte[][] shown = subject.call(new Request.MoveIterator(number, move, key));
    byte[][] expected =
        at == null ? new byte[0][] : new byte[][] {at.getKey(), at.getValue().bytes()};
    assertThat(shown).as("after %s of iterator %d", move, number).isDeepEqualTo(expected);
  }

  void close() {
    subject.call(new Request.CloseIterator(number));
  }
}
