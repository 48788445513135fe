package dwarf.evaluate.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bytes by path, of one trial as a whole: taken from the counters that the engines keep of
 * themselves, which is the only place where log, flush and compaction can be told apart.
 *
 * @param byPath in the order in which they flow; empty if the load told nothing
 */
record Bytes(Map<String, Long> byPath) {

  static Bytes of(Iterable<JsonNode> loads) {
    Map<String, Long> all = new LinkedHashMap<>();
    for (JsonNode load : loads) {
      JsonNode counters = load.path("engineStatistics");
      if (!counters.isEmpty()) {
        add(all, "user", written(counters) * entryBytes(load.path("configuration")));
        add(all, "log", either(counters, "wal.bytes", "rocksdb.ticker.wal_file_bytes"));
        add(all, "flush", either(counters, "flush.bytes", "rocksdb.ticker.flush_write_bytes"));
        add(all, "compaction", counters.path("rocksdb.ticker.compact_write_bytes").asLong());
        add(all, "shipped to DM", counters.path("offload.bytes.shipped").asLong());
      }
    }
    return new Bytes(all);
  }

  private static long written(JsonNode counters) {
    return either(counters, "write.records", "rocksdb.ticker.number_keys_written");
  }

  /** Ours counts under the first name, the peer under the second. */
  private static long either(JsonNode counters, String ours, String peers) {
    boolean isOurs = counters.has("write.records");
    return counters.path(isOurs ? ours : peers).asLong();
  }

  private static long entryBytes(JsonNode configuration) {
    return configuration.path("key_size").asLong() + configuration.path("value_size").asLong();
  }

  private static void add(Map<String, Long> all, String path, long bytes) {
    all.merge(path, bytes, Long::sum);
  }

  /** All that was written to storage for a byte of the user; 0 if unknown. */
  double writeAmplification() {
    long user = byPath.getOrDefault("user", 0L);
    long stored =
        byPath.getOrDefault("log", 0L)
            + byPath.getOrDefault("flush", 0L)
            + byPath.getOrDefault("compaction", 0L);
    return user == 0 ? 0 : (double) stored / user;
  }
}
