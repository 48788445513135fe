package dwarf.cli.demo;

import dwarf.base.ByteSize;
import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.cli.text.Bar;
import java.time.Duration;

/**
 * The script of the demo. Each step says what it does and what came of it; what must hold in the
 * end is checked by {@link DemoReport#failures}.
 */
final class Demo {

  private static final double FIRST_PART = 0.55;
  private static final double FIRST_PART_MOST = 0.65;
  private static final double KILL_LOAD_TO = 0.80;
  private static final double BEFORE_NODE_DIES = 0.85;
  private static final double NODE_MUST_DIE = 0.97;
  private static final int LEAST_RECORDS = 100;
  private static final int LEAST_DM_MEMTABLES = 1;
  private static final Duration REBUILD = Duration.ofSeconds(60);

  private final DemoCluster cluster;
  private final LivePicture picture;
  private final InputFacts facts;
  private final DemoReport report = new DemoReport();
  private int loaded;

  Demo(DemoCluster cluster, LivePicture picture, InputFacts facts) {
    this.cluster = cluster;
    this.picture = picture;
    this.facts = facts;
    if (facts.records() < LEAST_RECORDS) {
      throw DwarfException.invalid(
          "the input has " + facts.records() + " records: the demo needs " + LEAST_RECORDS);
    }
  }

  DemoReport run() {
    report.entries(facts.entries());
    startProcesses();
    loadFirstPart();
    readBack();
    killTheEngine();
    killTheMemoryNode();
    compareEverything();
    return report;
  }

  private void startProcesses() {
    step("Starting a memory node, %d workers and an engine".formatted(DemoCluster.WORKERS));
    cluster.startMemoryNode();
    cluster.startWorkers();
    cluster.startEngine();
    note(
        "engine: memtables of %s; memory node: %s for others' memtables"
            .formatted(cluster.layout().writeBufferSize(), cluster.layout().poolSize()));
  }

  private void loadFirstPart() {
    step("Loading: frozen memtables move to the memory node, workers turn them into SST files");
    load(part(FIRST_PART));
    EngineClient.EngineState state = settleWithDataOnMemoryNode(part(FIRST_PART_MOST));
    picture.stay(state);
    note(
        "%s memtables left this process for the memory node (%s used, %s shipped)"
            .formatted(
                Bar.count(report.total("offload.memtables")),
                ByteSize.show(report.total("offload.bytes.used")),
                ByteSize.show(report.total("offload.bytes.shipped"))));
  }

  /** Loads the records from where the last load ended up to ordinal {@code to}. */
  private void load(int to) {
    EngineClient.EngineState state = call("load", "loading", loaded, to);
    report.loaded(state);
    loaded = (int) state.number("records");
  }

  /** Loads on, a little at a time, until memtables stay on the memory node when all is quiet. */
  private EngineClient.EngineState settleWithDataOnMemoryNode(int most) {
    EngineClient.EngineState state = settle();
    while (state.counter("memory.dm.memtables") < LEAST_DM_MEMTABLES && loaded < most) {
      load(Math.min(most, loaded + Math.max(1, facts.records() / 40)));
      state = settle();
    }
    return state;
  }

  private EngineClient.EngineState settle() {
    EngineClient.EngineState state =
        cluster.engine().call("settle", 0, DemoCluster.FLUSHED_TOGETHER, progress -> true);
    report.counters(state.statistics());
    return state;
  }

  private void readBack() {
    step("Reading everything back, each value compared with the input");
    long[] before = paths();
    EngineClient.EngineState state = call("verify", "reading", 0, loaded);
    report.compared(state);
    long[] after = paths();
    note("answered by");
    note("  the active memtable, while loading     %,12d".formatted(report.activeGets()));
    note("  a frozen local memtable, while loading %,12d".formatted(report.sealedLocalGets()));
    note("  local memtables                        %,12d".formatted(after[0] - before[0]));
    note("  the memory node, search delegated to it%,12d".formatted(after[1] - before[1]));
    note("  the memory node, memory read one-sided %,12d".formatted(after[2] - before[2]));
    note("  SST files                              %,12d".formatted(after[3] - before[3]));
    scan();
  }

  private long[] paths() {
    return new long[] {
      report.total("reads.memtable"),
      report.total("reads.delegated"),
      report.total("reads.one-sided"),
      report.total("reads.sst")
    };
  }

  private void scan() {
    EngineClient.EngineState state = call("scan", "scanning", 0, loaded);
    boolean matches = state.body().path("matches").asBoolean();
    report.scanned(matches);
    note(
        "a scan over memtables, memory node and SST files: %s entries in order, %s"
            .formatted(
                Bar.count(state.number("entries")),
                matches ? "exactly the input" : "NOT the input"));
  }

  /** Kills the engine in the middle of a load and opens the database again. */
  private void killTheEngine() {
    step("kill -9 of the engine while it writes");
    writeUntilKilled();
    EngineClient.EngineState ready = cluster.startEngine();
    report.counters(ready.statistics());
    report.recovered(ready.number("recoveryMillis"));
    note(
        "opened again in %d ms: %s records replayed from the log, %s memtables found in the memory"
                .formatted(
                    ready.number("recoveryMillis"),
                    Bar.count(ready.counter("recovery.records")),
                    Bar.count(ready.counter("recovery.memtables.reattached")))
            + " node");
    EngineClient.EngineState state = call("verify", "reading", 0, loaded);
    report.compared(state);
    note(
        "%s acknowledged entries compared, %s lost"
            .formatted(Bar.count(state.number("verified")), Bar.count(state.number("lost"))));
  }

  /** Kills the engine once it has acknowledged part of a load; what it told last must be there. */
  private void writeUntilKilled() {
    int to = part(KILL_LOAD_TO);
    int killAt = loaded + (to - loaded) / 2;
    EngineClient engine = cluster.engine();
    engine.call(
        "load",
        loaded,
        to,
        state -> {
          picture.show("loading", state, facts.records());
          return state.number("records") < killAt;
        });
    loaded = (int) engine.last().number("records");
    report.counters(engine.last().statistics());
    engine.process().kill();
    report.engineEnded();
  }

  /** Kills the memory node while it holds memtables that exist nowhere else as data. */
  private void killTheMemoryNode() {
    step("kill -9 of the memory node while it holds memtables that are in no SST file yet");
    load(part(BEFORE_NODE_DIES));
    EngineClient.EngineState state = settleWithDataOnMemoryNode(part(NODE_MUST_DIE));
    long held = state.counter("memory.dm.memtables");
    report.memoryNodeKilled(held > 0);
    cluster.memoryNode().kill();
    note(
        "%s memtables with %s are gone; the engine goes on writing"
            .formatted(Bar.count(held), ByteSize.show(state.number("dmBytes"))));
    load(facts.records());
    cluster.startMemoryNode();
    state = awaitRebuild();
    boolean sameEngine = cluster.engine().process().isAlive();
    report.engineSurvivedIt(sameEngine);
    note(
        "memory node started again; the engine, never restarted, rebuilt %s memtables from its log"
            .formatted(Bar.count(state.counter("rebuild.memtables"))));
  }

  private EngineClient.EngineState awaitRebuild() {
    long start = Clock.SYSTEM.nanoTime();
    EngineClient.EngineState state = settle();
    while (state.counter("rebuild.memtables") == 0
        && Clock.SYSTEM.nanoTime() - start < REBUILD.toNanos()) {
      state = settle();
    }
    return state;
  }

  private void compareEverything() {
    step("Comparing every value with the input once more");
    EngineClient.EngineState state = call("verify", "reading", 0, facts.records());
    report.compared(state);
    scan();
    picture.stay(state);
  }

  private EngineClient.EngineState call(String operation, String verb, int from, int to) {
    EngineClient.EngineState result =
        cluster
            .engine()
            .call(
                operation,
                from,
                to,
                state -> {
                  picture.show(verb, state, facts.records());
                  return true;
                });
    report.counters(result.statistics());
    return result;
  }

  private int part(double share) {
    return (int) (facts.records() * share);
  }

  private void step(String text) {
    picture.say("");
    picture.say("* " + text);
  }

  private void note(String text) {
    picture.say("    " + text);
  }
}
