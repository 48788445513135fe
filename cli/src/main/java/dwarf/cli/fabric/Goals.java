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

  /** Separates what is measured from what it is measured beside. */
  static final String BESIDE = ", beside ";

  private static final double IMAGE_GB = FabricBenchPart.WRITE_BYTES / 1e9;
  private static final String MEDIAN = "medianMicros";
  private static final String RATE = "perSecond";

  private final JsonNode results;
  private final List<Goal> goals = new ArrayList<>();

  Goals(JsonNode results) {
    this.results = results;
    shipping("ucx-tcp", "ucx over its TCP");
    shipping("ucx-shm", "ucx over its shared memory");
    atMost("4 KiB block read, verified and searched, shm", micros("shm", "search4KiB"), 3);
    delegatedGet("plain UCX", micros("(ucx-tcp)", "request"), 1.5);
    delegatedGet("tcp", micros("tcp", "request"), 1);
    perProcessor("shm", "shm", 400_000);
    perProcessor("ucx-tcp", "ucx over its TCP", 100_000);
    atMost("lone request while traffic flows, shm", micros("shm", "request"), 4);
    atMost("lone request while traffic flows, ucx over its TCP", micros("ucx-tcp", "request"), 15);
  }

  private void shipping(String name, String text) {
    double ours = value(name, "write16MiB", RATE) * IMAGE_GB;
    double plain = value("(" + name + ")", "write16MiB", RATE) * IMAGE_GB;
    String what = "shipping shards, " + text + BESIDE + "plain UCX's put";
    add(new Goal(what, "GB/s", ours, plain, 0.85, true));
  }

  private void delegatedGet(String other, double micros, double times) {
    String what = "request and reply, ucx over its TCP" + BESIDE + other;
    add(new Goal(what, "us", micros("ucx-tcp", "request"), micros, times, false));
  }

  /** One thread serves; should its process use more than one processor, that counts. */
  private void perProcessor(String name, String text, double least) {
    double processors = Math.max(1, value(name, "request8", "serverProcessors"));
    double rate = value(name, "request8", RATE) / processors;
    String what = "requests per processor of the memory node, 8 in flight, " + text;
    add(new Goal(what, "/s", rate, least, 1, true));
  }

  private void atMost(String what, double micros, double most) {
    add(new Goal(what, "us", micros, most, 1, false));
  }

  private double micros(String name, String operation) {
    return value(name, operation, MEDIAN);
  }

  private double value(String name, String operation, String what) {
    return results.path(name).path(operation).path(what).asDouble(Double.NaN);
  }

  private void add(Goal goal) {
    if (!Double.isNaN(goal.ratio())) {
      goals.add(goal);
    }
  }

  Table table() {
    Table table = new Table("lrrrrl");
    table.row("goal", "measured", "beside", "ratio", "is to be", "");
    for (Goal goal : goals) {
      table.row(
          goal.what(),
          goal.measuredText(),
          goal.besideText(),
          String.format(Locale.ROOT, "%.2f", goal.ratio()),
          goal.demand(),
          goal.isMet() ? "met" : "NOT met");
    }
    return table;
  }

  ArrayNode json() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    goals.forEach(goal -> goal.into(all.addObject()));
    return all;
  }
}
