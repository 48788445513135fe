package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dwarf.cli.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the transports are to reach, beside what this run has measured. A goal whose measurements
 * are not among the results is left out.
 */
final class Goals {

  private static final double IMAGE_GB = FabricBenchPart.WRITE_BYTES / 1e9;
  private static final String MEDIAN = "medianMicros";
  private static final String RATE = "perSecond";

  private final JsonNode results;
  private final List<Goal> goals = new ArrayList<>();

  Goals(JsonNode results) {
    this.results = results;
    shipping("ucx-tcp", "ucx over TCP");
    shipping("ucx-shm", "ucx over shared memory");
    atMost("read, verify and search a block of 4 KiB, shm", micros("shm", "search4KiB"), 3);
    delegatedGet("plain UCX", micros("(ucx-tcp)", "request"), 1.5);
    delegatedGet("tcp", micros("tcp", "request"), 1);
    perProcessor("shm", "shm", 400_000);
    perProcessor("ucx-tcp", "ucx over TCP", 100_000);
    atMost("lone request while traffic flows, shm", micros("shm", "request"), 4);
    atMost("lone request while traffic flows, ucx over TCP", micros("ucx-tcp", "request"), 15);
    Goal.Beside cached = new Goal.Beside("RocksDB's from its cache", rate("cachedKey"));
    add(new Goal("get of a key in DM, shm", "/s", rate("keyInDm"), cached, Goal.Bound.least(1)));
  }

  private double rate(String gets) {
    return value("shm", gets, RATE);
  }

  private void shipping(String name, String text) {
    Goal.Beside put = new Goal.Beside("plain UCX's put", gigabytes("(" + name + ")"));
    add(new Goal("ship shards, " + text, "GB/s", gigabytes(name), put, Goal.Bound.least(0.85)));
  }

  private double gigabytes(String name) {
    return value(name, "write16MiB", RATE) * IMAGE_GB;
  }

  private void delegatedGet(String other, double micros, double times) {
    Goal.Beside beside = new Goal.Beside(other, micros);
    double ours = micros("ucx-tcp", "request");
    add(new Goal("ask and answer, ucx over TCP", "us", ours, beside, Goal.Bound.most(times)));
  }

  /** One thread serves; should its process use more than one processor, that counts. */
  private void perProcessor(String name, String text, double least) {
    double processors = Math.max(1, value(name, "request8", "serverProcessors"));
    double rate = value(name, "request8", RATE) / processors;
    String what = "8 in flight, per processor that serves, " + text;
    add(new Goal(what, "/s", rate, Goal.Beside.NOTHING, Goal.Bound.least(least)));
  }

  private void atMost(String what, double micros, double most) {
    add(new Goal(what, "us", micros, Goal.Beside.NOTHING, Goal.Bound.most(most)));
  }

  private double micros(String name, String operation) {
    return value(name, operation, MEDIAN);
  }

  private double value(String name, String operation, String what) {
    return results.path(name).path(operation).path(what).asDouble(Double.NaN);
  }

  private void add(Goal goal) {
    if (goal.isMeasured()) {
      goals.add(goal);
    }
  }

  Table table() {
    Table table = new Table("lrrrl");
    table.row("what", "measured", "beside", "ratio", "goal");
    for (Goal goal : goals) {
      String ratio = String.format(Locale.ROOT, "%.2f", goal.ratio());
      table.row(goal.what(), goal.measuredText(), goal.besideText(), ratio, goal.verdict());
    }
    return table;
  }

  ArrayNode json() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    goals.forEach(goal -> goal.into(all.addObject()));
    return all;
  }
}
