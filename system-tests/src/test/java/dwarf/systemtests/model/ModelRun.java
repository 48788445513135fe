package dwarf.systemtests.model;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.systemtests.Cluster;
import dwarf.systemtests.model.ModelState.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.Stream;

/** A database and its model, driven by one seeded stream of operations. */
final class ModelRun implements AutoCloseable {

  private static final int MAX_SNAPSHOTS = 4;
  private static final int MAX_WALKS = 3;
  private static final int MAX_IN_FLIGHT = 12;

  private final Request open;
  private final RandomData data;
  private final Mutations mutations;
  private final ModelSubject subject;
  private final List<Taken> snapshots = new ArrayList<>();
  private final List<Walk> walks = new ArrayList<>();
  private ModelState state = new ModelState();
  private int lastNumber;

  /** A snapshot and what the model was when it was taken. */
  private record Taken(int number, ModelState state) {}

  ModelRun(Path directory, ModelConfig config, long seed, Cluster cluster) {
    open = new Request.Open(directory.toString(), cluster.nodeAddress(), config);
    data = new RandomData(config, seed);
    mutations = new Mutations(data);
    subject =
        config.ownProcess()
            ? new ProcessSubject(() -> cluster.start("engine", ModelMain.class))
            : new DatabaseSubject();
    subject.call(open);
    state.createFamily(ModelState.DEFAULT_FAMILY);
    for (int i = 1; i < config.families(); i++) {
      String name = "family" + i;
      subject.call(new Request.CreateFamily(name));
      state.createFamily(name);
    }
  }

  void step() {
    int dice = data.below(1000);
    if (dice < 660) {
      mutate();
    } else if (dice < 830) {
      get(Request.NO_SNAPSHOT, state);
    } else if (dice < 870) {
      multiGet(Request.NO_SNAPSHOT, state);
    } else if (dice < 920) {
      walk(Request.NO_SNAPSHOT, state).close();
    } else if (dice < 940) {
      takeSnapshot();
    } else if (dice < 960) {
      readSnapshot();
    } else if (dice < 970) {
      keepWalk();
    } else if (dice < 990) {
      resumeWalk();
    } else if (dice < 997) {
      reopen();
    } else {
      kill();
    }
  }

  private void mutate() {
    Request request = mutations.next(state);
    subject.call(request);
    forgetDropped(request);
  }

  /** Snapshots keep no family that was dropped; iterators do. */
  private void forgetDropped(Request request) {
    if (request instanceof Request.DropFamily drop) {
      snapshots.forEach(taken -> taken.state().dropFamily(drop.name()));
    }
  }

  private void get(int snapshot, ModelState expected) {
    String family = data.anyOf(expected.families());
    byte[] key = data.key();
    byte[][] found = subject.call(new Request.Get(family, snapshot, key));
    assertThat(found).isDeepEqualTo(new byte[][] {expected.get(family, key)});
  }

  private void multiGet(int snapshot, ModelState expected) {
    String family = data.anyOf(expected.families());
    List<byte[]> keys = Stream.generate(data::key).limit(10).toList();
    byte[][] found = subject.call(new Request.MultiGet(family, snapshot, new ArrayList<>(keys)));
    byte[][] values = keys.stream().map(key -> expected.get(family, key)).toArray(byte[][]::new);
    assertThat(found).isDeepEqualTo(values);
  }

  /** A random walk: seeks, steps both ways, bounds; every position is compared. */
  private Walk walk(int snapshot, ModelState expected) {
    String family = data.anyOf(expected.families());
    byte[] lower = data.oneIn(3) ? data.key() : null;
    byte[] upper = data.oneIn(3) ? data.key() : null;
    if (lower != null && upper != null && Arrays.compareUnsigned(lower, upper) > 0) {
      byte[] swapped = lower;
      lower = upper;
      upper = swapped;
    }
    Request.OpenIterator request =
        new Request.OpenIterator(++lastNumber, family, snapshot, lower, upper);
    Walk walk = Walk.open(subject, data, request, expected.copy().rows(family));
    walk.steps(data.below(30));
    return walk;
  }

  private void keepWalk() {
    if (walks.size() < MAX_WALKS) {
      walks.add(walk(Request.NO_SNAPSHOT, state));
    }
  }

  private void resumeWalk() {
    if (!walks.isEmpty()) {
      Walk walk = data.anyOf(walks);
      walk.steps(10);
      if (data.oneIn(4)) {
        walk.close();
        walks.remove(walk);
      }
    }
  }

  private void takeSnapshot() {
    if (snapshots.size() < MAX_SNAPSHOTS) {
      subject.call(new Request.TakeSnapshot(++lastNumber));
      snapshots.add(new Taken(lastNumber, state.copy()));
    }
  }

  private void readSnapshot() {
    if (!snapshots.isEmpty()) {
      Taken taken = data.anyOf(snapshots);
      get(taken.number(), taken.state());
      multiGet(taken.number(), taken.state());
      walk(taken.number(), taken.state()).close();
      if (data.oneIn(3)) {
        subject.call(new Request.ReleaseSnapshot(taken.number()));
        snapshots.remove(taken);
      }
    }
  }

  void reopen() {
    subject.call(new Request.Close());
    openAgain();
  }

  private void openAgain() {
    snapshots.clear();
    walks.clear();
    subject.call(open);
  }

  /**
   * kill -9 with requests in flight, which the process takes one after another: what was answered
   * is there, and of the others the first few, each wholly. The model takes up how many.
   */
  private void kill() {
    if (!(subject instanceof ProcessSubject process)) {
      return;
    }
    List<Request> inFlight = new ArrayList<>();
    List<ModelState> after = new ArrayList<>(List.of(state.copy()));
    for (int left = 1 + data.below(MAX_IN_FLIGHT); left > 0; left--) {
      inFlight.add(mutations.next(state));
      after.add(state.copy());
    }
    int answered = process.killDuring(inFlight, data.oneIn(8) ? 0 : 20_000L << data.below(11));
    openAgain();
    ModelState found = readAll(false);
    List<ModelState> possible = after.subList(answered, after.size());
    List<ModelState> same = possible.stream().filter(s -> found.difference(s) == null).toList();
    assertThat(same)
        .as(
            "states that match what a kill left; answered were %d of %s; after those: %s",
            answered, inFlight, found.difference(possible.getFirst()))
        .isNotEmpty();
    state = same.getLast();
    same.forEach(state::doubt);
  }

  void compareEverything() {
    assertThat(readAll(false).difference(state)).as("found forwards and expected").isNull();
    assertThat(readAll(true).difference(state)).as("found backwards and expected").isNull();
  }

  private ModelState readAll(boolean backward) {
    ModelState all = new ModelState();
    for (byte[] name : subject.call(new Request.Families())) {
      String family = new String(name, StandardCharsets.UTF_8);
      all.createFamily(family);
      NavigableMap<byte[], Value> rows = all.rows(family);
      byte[][] scanned = subject.call(new Request.Scan(family, backward));
      for (int i = 0; i < scanned.length; i += 2) {
        byte[] last = rows.isEmpty() ? null : backward ? rows.firstKey() : rows.lastKey();
        int order = last == null ? 0 : Arrays.compareUnsigned(scanned[i], last);
        assertThat(last == null || (backward ? order < 0 : order > 0)).as("in order").isTrue();
        rows.put(scanned[i], new Value(scanned[i + 1], 0));
      }
    }
    return all;
  }

  @Override
  public void close() {
    subject.close();
  }
}
