package dwarf.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.Cursor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;

/** Moves a cursor and a model of it alike, at random, and compares after every step. */
final class CursorWalk {

  private CursorWalk() {}

  static void compare(Cursor tested, Cursor model, List<byte[]> targets, Random random, int moves) {
    for (int i = 0; i < moves; i++) {
      String move = move(tested, model, targets, random);
      assertThat(tested.isValid()).as("valid after %s", move).isEqualTo(model.isValid());
      if (model.isValid()) {
        assertThat(Rec.at(tested)).as("record after %s", move).isEqualTo(Rec.at(model));
      }
    }
  }

  private static String move(Cursor tested, Cursor model, List<byte[]> targets, Random random) {
    int choice = model.isValid() ? random.nextInt(20) : random.nextInt(4);
    MemorySegment target = MemorySegment.ofArray(targets.get(random.nextInt(targets.size())));
    switch (choice) {
      case 0 -> {
        tested.seekToFirst();
        model.seekToFirst();
        return "seekToFirst";
      }
      case 1 -> {
        tested.seekToLast();
        model.seekToLast();
        return "seekToLast";
      }
      case 2 -> {
        tested.seek(target);
        model.seek(target);
        return "seek";
      }
      case 3 -> {
        tested.seekForPrev(target);
        model.seekForPrev(target);
        return "seekForPrev";
      }
      default -> {
        boolean forward = choice % 2 == 0;
        if (forward) {
          tested.next();
          model.next();
        } else {
          tested.prev();
          model.prev();
        }
        return forward ? "next" : "prev";
      }
    }
  }
}
