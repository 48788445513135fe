package dwarf.systemtests.model;

import dwarf.engine.ColumnFamilyDescriptor;
import dwarf.engine.ColumnFamilyHandle;
import dwarf.engine.DwarfDB;
import dwarf.engine.DwarfIterator;
import dwarf.engine.FlushOptions;
import dwarf.engine.ReadOptions;
import dwarf.engine.Snapshot;
import dwarf.engine.WriteBatch;
import dwarf.engine.WriteOptions;
import dwarf.systemtests.model.Request.Change;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The database in this process. */
final class DatabaseSubject implements ModelSubject {

  private static final byte[][] NOTHING = {};

  private final Map<Integer, Snapshot> snapshots = new HashMap<>();
  private final Map<Integer, DwarfIterator> iterators = new HashMap<>();
  private DwarfDB db;

  @Override
  public byte[][] call(Request request) {
    switch (request) {
      case Request.Get get -> {
        byte[] value = db.get(handle(get.family()), options(get.snapshot()), get.key());
        return new byte[][] {value};
      }
      case Request.MultiGet many -> {
        ReadOptions options = options(many.snapshot());
        return db.multiGetAsList(handle(many.family()), options, many.keys())
            .toArray(new byte[0][]);
      }
      case Request.MoveIterator move -> {
        DwarfIterator it = iterators.get(move.number());
        move(it, move);
        return it.isValid() ? new byte[][] {it.key(), it.value()} : NOTHING;
      }
      case Request.Scan scan -> {
        return scan(scan);
      }
      case Request.Families families -> {
        return db.getColumnFamilies().stream()
            .map(ColumnFamilyHandle::getName)
            .toArray(byte[][]::new);
      }
      default -> act(request);
    }
    return NOTHING;
  }

  private void act(Request request) {
    switch (request) {
      case Request.Open open -> {
        Path directory = Path.of(open.directory());
        db = DwarfDB.open(directory.resolve("db"), open.config().options(directory, open.node()));
      }
      case Request.Close close -> close();
      case Request.Write write -> write(write);
      case Request.TakeSnapshot take -> snapshots.put(take.number(), db.getSnapshot());
      case Request.ReleaseSnapshot release -> snapshots.remove(release.number()).close();
      case Request.OpenIterator open -> {
        ReadOptions options =
            options(open.snapshot())
                .setIterateLowerBound(open.lower())
                .setIterateUpperBound(open.upper());
        iterators.put(open.number(), db.newIterator(handle(open.family()), options));
      }
      case Request.CloseIterator close -> iterators.remove(close.number()).close();
      case Request.CreateFamily create ->
          db.createColumnFamily(new ColumnFamilyDescriptor(bytes(create.name())));
      case Request.DropFamily drop -> db.dropColumnFamily(handle(drop.name()));
      case Request.Flush flush ->
          db.flush(
              new FlushOptions().setWaitForFlush(flush.await()),
              flush.family() == null ? db.getColumnFamilies() : List.of(handle(flush.family())));
      case Request.CompactRange compact -> db.compactRange(handle(compact.family()));
      default -> throw new IllegalArgumentException(request.toString());
    }
  }

  private static void move(DwarfIterator it, Request.MoveIterator move) {
    switch (move.move()) {
      case FIRST -> it.seekToFirst();
      case LAST -> it.seekToLast();
      case SEEK -> it.seek(move.key());
      case SEEK_FOR_PREV -> it.seekForPrev(move.key());
      case NEXT -> it.next();
      case PREV -> it.prev();
    }
  }

  private void write(Request.Write write) {
    WriteOptions options = new WriteOptions().setSync(write.sync());
    if (write.changes().size() == 1) {
      Change only = write.changes().getFirst();
      ColumnFamilyHandle family = handle(only.family());
      switch (only.kind()) {
        case PUT -> db.put(family, options, only.key(), only.value());
        case DELETE -> db.delete(family, options, only.key());
        case SINGLE_DELETE -> db.singleDelete(family, options, only.key());
      }
      return;
    }
    WriteBatch batch = new WriteBatch();
    for (Change change : write.changes()) {
      ColumnFamilyHandle family = handle(change.family());
      switch (change.kind()) {
        case PUT -> batch.put(family, change.key(), change.value());
        case DELETE -> batch.delete(family, change.key());
        case SINGLE_DELETE -> batch.singleDelete(family, change.key());
      }
    }
    db.write(options, batch);
  }

  private byte[][] scan(Request.Scan scan) {
    List<byte[]> rows = new ArrayList<>();
    try (DwarfIterator it = db.newIterator(handle(scan.family()))) {
      for (first(it, scan.backward()); it.isValid(); step(it, scan.backward())) {
        rows.add(it.key());
        rows.add(it.value());
      }
    }
    return rows.toArray(new byte[0][]);
  }

  private static void first(DwarfIterator it, boolean backward) {
    if (backward) {
      it.seekToLast();
    } else {
      it.seekToFirst();
    }
  }

  private static void step(DwarfIterator it, boolean backward) {
    if (backward) {
      it.prev();
    } else {
      it.next();
    }
  }

  private ColumnFamilyHandle handle(String family) {
    return db.getColumnFamily(bytes(family));
  }

  private ReadOptions options(int snapshot) {
    return new ReadOptions()
        .setSnapshot(snapshot == Request.NO_SNAPSHOT ? null : snapshots.get(snapshot));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    iterators.values().forEach(DwarfIterator::close);
    iterators.clear();
    snapshots.values().forEach(Snapshot::close);
    snapshots.clear();
    if (db != null) {
      db.close();
      db = null;
    }
  }
}
