package dwarf.systemtests.model;

import dwarf.systemtests.model.Request.Change;
import dwarf.systemtests.model.Request.Kind;
import java.util.ArrayList;
import java.util.List;

/** Random requests that change the database or its files, each with its effect on the model. */
final class Mutations {

  private static final int MAX_BATCH = 30;
  private static final int EXTRA_FAMILIES = 4;

  private final RandomData data;

  Mutations(RandomData data) {
    this.data = data;
  }

  /** The next one; the state is what will be when it is done. */
  Request next(ModelState state) {
    int dice = data.below(1000);
    if (dice < 780) {
      return new Request.Write(List.of(change(state)), data.oneIn(50));
    }
    if (dice < 955) {
      return batch(state);
    }
    if (dice < 975) {
      String family = data.oneIn(2) ? null : data.anyOf(state.families());
      return new Request.Flush(family, data.oneIn(2));
    }
    if (dice < 992) {
      return families(state);
    }
    return new Request.CompactRange(data.anyOf(state.families()));
  }

  private Request batch(ModelState state) {
    List<Change> changes = new ArrayList<>();
    int count = 2 + data.below(MAX_BATCH);
    for (int i = 0; i < count; i++) {
      changes.add(change(state));
    }
    return new Request.Write(changes, data.oneIn(50));
  }

  private Change change(ModelState state) {
    String family = data.anyOf(state.families());
    int dice = data.below(100);
    List<byte[]> once = dice < 10 ? state.keysPutOnce(family) : List.of();
    Change change;
    if (!once.isEmpty()) {
      change = new Change(Kind.SINGLE_DELETE, family, data.anyOf(once), null);
    } else if (dice < 25) {
      change = new Change(Kind.DELETE, family, data.key(), null);
    } else {
      change = new Change(Kind.PUT, family, data.key(), data.value());
    }
    state.apply(change);
    return change;
  }

  private Request families(ModelState state) {
    String name = "family" + data.below(EXTRA_FAMILIES);
    if (state.hasFamily(name)) {
      state.dropFamily(name);
      return new Request.DropFamily(name);
    }
    state.createFamily(name);
    return new Request.CreateFamily(name);
  }
}
