package dwarf.cli.command;

import dwarf.base.ByteSize;
import dwarf.cli.db.OpenDatabase;
import dwarf.cli.db.Whereabouts;
import dwarf.cli.input.InputRecord;
import dwarf.cli.input.RecordSource;
import dwarf.cli.text.Bar;
import dwarf.cli.text.Progress;
import dwarf.engine.WriteBatch;
import dwarf.engine.WriteOptions;
import dwarf.process.ProcessMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Writes records in batches, and can tell afterwards what that did. One thread. */
final class Loader {

  private static final int BATCH_BYTES = 256 << 10;
  private static final int BATCH_RECORDS = 1000;
  private static final int BATCHES_PER_SAMPLE = 16;

  private final OpenDatabase target;
  private final Progress progress;
  private final WriteBatch batch = new WriteBatch();
  private final long residentBefore = resident();
  private long mostResident = residentBefore;
  private long mostMemtables;
  private long mostIndexes;
  private long batches;
  private long entries;
  private long bytes;
  private double seconds;

  Loader(OpenDatabase target, Progress progress) {
    this.target = target;
    this.progress = progress;
  }

  void load(RecordSource source) {
    for (InputRecord record = source.next(); record != null; record = source.next()) {
      batch.put(target.family(), record.key(), record.value());
      entries++;
      bytes += record.key().length + record.value().length;
      if (batch.getDataSize() >= BATCH_BYTES || batch.count() == BATCH_RECORDS) {
        write();
        progress.update(new Progress.State(source.position(), source.total(), entries));
      }
    }
    write();
  }

  private void write() {
    target.db().write(new WriteOptions(), batch);
    batch.clear();
    batches++;
    if (batches % BATCHES_PER_SAMPLE == 0) {
      sample();
    }
  }

  private void sample() {
    mostResident = Math.max(mostResident, resident());
    Map<String, Long> statistics = target.db().statistics();
    long pool = statistics.getOrDefault("memory.local.resident.bytes", 0L);
    long sending = statistics.getOrDefault("memory.send.bytes", 0L);
    mostMemtables = Math.max(mostMemtables, pool + sending);
    mostIndexes = Math.max(mostIndexes, statistics.getOrDefault("memory.index.bytes", 0L));
  }

  /** Makes everything durable, and with {@code flush} waits until it is in SST files. */
  void finish(boolean flush) {
    sample();
    target.db().syncWal();
    if (flush) {
      target.db().flush();
    }
    seconds = progress.seconds();
  }

  List<String> summary() {
    Map<String, Long> statistics = target.db().statistics();
    List<String> lines = new ArrayList<>();
    lines.add(
        "loaded %s entries, %s, in %s (%s entries/s) into %s"
            .formatted(
                Bar.count(entries),
                ByteSize.show(bytes),
                Bar.seconds(seconds),
                Bar.count(Math.round(entries / Math.max(seconds, 1e-9))),
                target.directory()));
    Whereabouts now = Whereabouts.of(target);
    lines.addAll(now.picture());
    lines.add(
        "memory node: %s memtables (%s) shipped as %s; local memory given back: %s"
            .formatted(
                Bar.count(statistics.getOrDefault("offload.memtables", 0L)),
                ByteSize.show(statistics.getOrDefault("offload.bytes.used", 0L)),
                ByteSize.show(statistics.getOrDefault("offload.bytes.shipped", 0L)),
                ByteSize.show(statistics.getOrDefault("memory.local.freed.bytes", 0L))));
    lines.add(
        "this process: memtables and send buffers %s at most, filters and indexes %s at most"
            .formatted(ByteSize.show(mostMemtables), ByteSize.show(mostIndexes)));
    lines.add(
        "this process: resident %s before, %s at most, now %s"
            .formatted(
                ByteSize.show(residentBefore),
                ByteSize.show(mostResident),
                ByteSize.show(resident())));
    return lines;
  }

  private static long resident() {
    OptionalLong bytes = ProcessMemory.resident();
    return bytes.orElse(0);
  }
}
