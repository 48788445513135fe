package dwarf.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the demo has seen. Counters start at zero in every engine process, so those of a process
 * that is killed are added up before.
 */
final class DemoReport {

  private static final double MOST_SHIPPED_PER_USED = 1.1;

  private final Map<String, Long> earlier = new TreeMap<>();
  private Map<String, Long> current = Map.of();
  private int entries;
  private int verified;
  private int lost;
  private long activeGets;
  private long sealedLocalGets;
  private long recoveryMillis;
  private boolean scanMatches;
  private boolean memoryNodeHeldData;
  private boolean engineSurvived;

  /** The counters of the running engine process. */
  void counters(Map<String, Long> statistics) {
    current = statistics;
  }

  /** The running engine process is gone; the next one counts from zero. */
  void engineEnded() {
    current.forEach((name, value) -> earlier.merge(name, value, Long::sum));
    current = Map.of();
  }

  void entries(int number) {
    entries = number;
  }

  void loaded(EngineClient.EngineState state) {
    activeGets += state.number("activeGets");
    sealedLocalGets += state.number("sealedLocalGets");
    lost += (int) state.number("wrong");
  }

  /** The outcome of the last comparison of every value; what earlier ones lost stays lost. */
  void compared(EngineClient.EngineState state) {
    verified = (int) state.number("verified");
    lost += (int) state.number("lost");
  }

  void recovered(long millis) {
    recoveryMillis = millis;
  }

  void scanned(boolean matches) {
    scanMatches = matches;
  }

  void memoryNodeKilled(boolean heldData) {
    memoryNodeHeldData = heldData;
  }

  void engineSurvivedIt(boolean survived) {
    engineSurvived = survived;
  }

  /** A counter over all engine processes. */
  long total(String counter) {
    return earlier.getOrDefault(counter, 0L) + current.getOrDefault(counter, 0L);
  }

  int verified() {
    return verified;
  }

  int lost() {
    return lost;
  }

  int entriesNumber() {
    return entries;
  }

  long recoveryMillis() {
    return recoveryMillis;
  }

  long activeGets() {
    return activeGets;
  }

  long sealedLocalGets() {
    return sealedLocalGets;
  }

  /** What was promised and did not happen; empty means that the demo succeeded. */
  List<String> failures() {
    List<String> failures = new ArrayList<>();
    expect(failures, lost == 0, lost + " values were lost or wrong");
    expect(failures, verified == entries, verified + " of " + entries + " values were verified");
    expect(failures, scanMatches, "the scan did not show exactly the input");
    expect(failures, activeGets > 0, "no get was answered by the active memtable");
    expect(failures, sealedLocalGets > 0, "no get was answered by a sealed local memtable");
    expect(failures, total("reads.delegated") > 0, "no get was delegated to the memory node");
    expect(failures, total("reads.one-sided") > 0, "no get read disaggregated memory one-sided");
    expect(failures, total("reads.sst") > 0, "no get was answered by the SST files");
    expect(failures, total("flush.tasks.remote") > 0, "no flush task ran on a worker");
    expect(failures, memoryNodeHeldData, "the memory node held no memtable when it was killed");
    expect(failures, engineSurvived, "the engine did not survive the death of the memory node");
    long used = total("offload.bytes.used");
    long shipped = total("offload.bytes.shipped");
    expect(
        failures,
        shipped > 0 && shipped <= MOST_SHIPPED_PER_USED * used,
        shipped + " bytes were shipped for " + used + " bytes of memtables");
    return failures;
  }

  /** The machine-readable result. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("entries", entries);
    json.put("verified", verified);
    json.put("lost", lost);
    json.put("memtablesOffloaded", total("offload.memtables"));
    json.put("bytesUsed", total("offload.bytes.used"));
    json.put("bytesShipped", total("offload.bytes.shipped"));
    json.put("delegatedGets", total("reads.delegated"));
    json.put("oneSidedGets", total("reads.one-sided"));
    json.put("flushTasksRemote", total("flush.tasks.remote"));
    json.put("flushTasksLocal", total("flush.tasks.local"));
    json.put("localBytesFreed", total("memory.local.freed.bytes"));
    json.put("recoveryMillis", recoveryMillis);
    return json;
  }

  private static void expect(List<String> failures, boolean holds, String otherwise) {
    if (!holds) {
      failures.add(otherwise);
    }
  }
}
