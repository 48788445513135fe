package dwarf.ycsb;

import dwarf.base.DwarfException;
import dwarf.bench.engine.BenchEngine;
import dwarf.bench.engine.BenchIterator;
import dwarf.bench.engine.BenchWriter;
import dwarf.bench.flags.BenchFlags;
import dwarf.bench.flags.EngineKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.Vector;
import site.ycsb.ByteIterator;
import site.ycsb.DB;
import site.ycsb.DBException;
import site.ycsb.Status;

/**
 * YCSB's tables and records over keys and values: a record is one value under {@code table/key}. An
 * update reads the record, replaces fields and writes it back, one at a time for a key. One thread
 * each, as YCSB wants it.
 */
public abstract class KeyValueClient extends DB {

  private final EngineKind kind;
  private SharedEngine shared;
  private BenchEngine engine;
  private BenchWriter writer;

  KeyValueClient(EngineKind kind) {
    this.kind = kind;
  }

  @Override
  public final void init() throws DBException {
    try {
      BenchFlags flags = EngineProperties.flags(getProperties(), kind);
      shared = SharedEngine.open(flags);
      engine = shared.engine();
      writer = engine.newWriter(flags.workload().workload().durability());
    } catch (DwarfException e) {
      throw new DBException(e);
    }
  }

  @Override
  public final void cleanup() throws DBException {
    try {
      writer.close();
      shared.release();
    } catch (DwarfException e) {
      throw new DBException(e);
    }
  }

  private static byte[] key(String table, String key) {
    return (table + "/" + key).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public final Status read(
      String table, String key, Set<String> fields, Map<String, ByteIterator> result) {
    byte[] record = engine.get(key(table, key));
    if (record == null) {
      return Status.NOT_FOUND;
    }
    RecordCodec.copy(record, fields, result);
    return Status.OK;
  }

  @Override
  public final Status scan(
      String table,
      String startkey,
      int recordcount,
      Set<String> fields,
      Vector<HashMap<String, ByteIterator>> result) {
    byte[] prefix = key(table, "");
    try (BenchIterator walk = engine.newIterator()) {
      walk.seek(key(table, startkey));
      while (result.size() < recordcount && walk.isValid() && startsWith(walk.key(), prefix)) {
        HashMap<String, ByteIterator> row = new HashMap<>();
        RecordCodec.copy(walk.value(), fields, row);
        result.add(row);
        walk.next();
      }
      walk.check();
    }
    return Status.OK;
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Override
  public final Status update(String table, String key, Map<String, ByteIterator> values) {
    byte[] at = key(table, key);
    synchronized (shared.stripe(key)) {
      byte[] record = engine.get(at);
      if (record == null) {
        return Status.NOT_FOUND;
      }
      Map<String, byte[]> fields = RecordCodec.decode(record);
      values.forEach((name, value) -> fields.put(name, value.toArray()));
      writer.put(at, RecordCodec.encode(fields));
    }
    return Status.OK;
  }

  @Override
  public final Status insert(String table, String key, Map<String, ByteIterator> values) {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    values.forEach((name, value) -> fields.put(name, value.toArray()));
    synchronized (shared.stripe(key)) {
      writer.put(key(table, key), RecordCodec.encode(fields));
    }
    return Status.OK;
  }

  @Override
  public final Status delete(String table, String key) {
    synchronized (shared.stripe(key)) {
      writer.delete(key(table, key));
    }
    return Status.OK;
  }
}
