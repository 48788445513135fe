package dwarf.cli.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.Checksums;
import dwarf.base.Clock;
import dwarf.base.Keys;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.input.BadLines;
import dwarf.cli.input.InputRecord;
import dwarf.cli.input.RecordSource;
import dwarf.engine.DwarfIterator;
import dwarf.engine.WriteBatch;
import dwarf.engine.WriteOptions;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** What the demo lets its engine do. One thread. */
final class EngineOperations {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int BATCH_BYTES = 128 << 10;
  private static final int BATCH_RECORDS = 500;
  private static final long PROGRESS_NANOS = 150_000_000;
  private static final long QUIET_NANOS = 700_000_000;
  private static final long SETTLE_NANOS = 40_000_000_000L;
  private static final List<String> MOVING =
      List.of("offload.memtables", "flush.jobs", "memory.dm.bytes", "memory.local.bytes");

  private final OpenDatabase target;
  private final DemoInput input;
  private final InputFacts facts;
  private final Consumer<ObjectNode> progress;
  private long lastProgress = Clock.SYSTEM.nanoTime();

  EngineOperations(
      OpenDatabase target, DemoInput input, InputFacts facts, Consumer<ObjectNode> progress) {
    this.target = target;
    this.input = input;
    this.facts = facts;
    this.progress = progress;
  }

  /** Writes the records with ordinals [from, to), and looks at memtables as they are frozen. */
  ObjectNode load(int from, int to) {
    LocalProbe probe = new LocalProbe(target);
    WriteBatch batch = new WriteBatch();
    int at = from;
    try (RecordSource source = open(from)) {
      InputRecord record = null;
      while (at < to && (record = source.next()) != null) {
        batch.put(target.family(), record.key(), record.value());
        at++;
        if (batch.getDataSize() >= BATCH_BYTES || batch.count() == BATCH_RECORDS || at == to) {
          target.db().write(new WriteOptions(), batch);
          batch.clear();
          probe.written(record);
          tell(at);
        }
      }
    }
    ObjectNode result = state(at);
    result.put("activeGets", probe.activeGets());
    result.put("sealedLocalGets", probe.sealedLocalGets());
    result.put("wrong", probe.wrong());
    return result;
  }

  /** Reads the keys of the records [from, to) and compares each value with the input. */
  ObjectNode verify(int from, int to) {
    int verified = 0;
    int lost = 0;
    int at = from;
    ObjectNode result = JSON.createObjectNode();
    try (RecordSource source = open(from)) {
      InputRecord record = null;
      while (at < to && (record = source.next()) != null) {
        if (facts.last().get(at)) {
          byte[] value = target.db().get(target.family(), record.key());
          if (Arrays.equals(value, record.value())) {
            verified++;
          } else {
            lost++;
            result.put("firstLost", show(record, value));
          }
        }
        at++;
        tell(at);
      }
    }
    result.put("records", at);
    result.put("verified", verified);
    result.put("lost", lost);
    return result;
  }

  /** Walks over the whole database and compares it with the first {@code to} records. */
  ObjectNode scan(int to) {
    long expectedEntries = 0;
    long expectedSum = 0;
    int at = 0;
    try (RecordSource source = open(0)) {
      InputRecord record = null;
      while (at < to && (record = source.next()) != null) {
        if (facts.last().get(at)) {
          expectedEntries++;
          expectedSum += mixed(record.key(), record.value());
        }
        at++;
      }
    }
    long entries = 0;
    long sum = 0;
    boolean ordered = true;
    byte[] before = null;
    try (DwarfIterator rows = target.db().newIterator(target.family())) {
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        byte[] key = rows.key();
        ordered &= before == null || Arrays.compareUnsigned(before, key) < 0;
        before = key;
        entries++;
        sum += mixed(key, rows.value());
      }
    }
    ObjectNode result = state(at);
    result.put("entries", entries);
    result.put("matches", ordered && entries == expectedEntries && sum == expectedSum);
    return result;
  }

  /** Waits until fewer memtables lie in DM than a flush takes, and all is quiet for a moment. */
  ObjectNode settle(int flushedTogether) {
    long start = Clock.SYSTEM.nanoTime();
    long quietSince = start;
    List<Long> before = moving();
    long now = start;
    while (now - quietSince < QUIET_NANOS && now - start < SETTLE_NANOS) {
      LockSupport.parkNanos(QUIET_NANOS / 10);
      List<Long> current = moving();
      now = Clock.SYSTEM.nanoTime();
      if (!current.equals(before) || waiting() >= flushedTogether) {
        before = current;
        quietSince = now;
      }
    }
    return JSON.createObjectNode();
  }

  private long waiting() {
    return target.db().statistics().getOrDefault("memory.dm.memtables", 0L);
  }

  private List<Long> moving() {
    Map<String, Long> statistics = target.db().statistics();
    return MOVING.stream().map(name -> statistics.getOrDefault(name, 0L)).toList();
  }

  private RecordSource open(int from) {
    RecordSource source = input.open(new BadLines(System.err, () -> {}));
    for (int skipped = 0; skipped < from; skipped++) {
      source.next();
    }
    return source;
  }

  private void tell(int records) {
    long now = Clock.SYSTEM.nanoTime();
    if (now - lastProgress >= PROGRESS_NANOS) {
      lastProgress = now;
      progress.accept(state(records));
    }
  }

  private static ObjectNode state(int records) {
    return JSON.createObjectNode().put("records", records);
  }

  private static long mixed(byte[] key, byte[] value) {
    long both = (long) crc(key) << 32 ^ (crc(value) & 0xffffffffL);
    both = (both ^ both >>> 31) * 0x9e3779b97f4a7c15L;
    return both ^ both >>> 29;
  }

  private static int crc(byte[] bytes) {
    return Checksums.crc32c(MemorySegment.ofArray(bytes));
  }

  private static String show(InputRecord record, byte[] value) {
    String key = Keys.show(MemorySegment.ofArray(record.key()));
    return value == null
        ? key + " is missing"
        : key + " has another value (" + value.length + " bytes)";
  }
}
