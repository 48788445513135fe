package dwarf.bench.engine;

import java.util.List;
import java.util.Map;

/**
 * An open database as the benchmarks see it. Both implementations call the fastest form that their
 * engine's Java API offers for what is asked. Thread-safe; failures are {@link
 * dwarf.base.DwarfException}s.
 */
public interface BenchEngine extends AutoCloseable {

  /** The value, or null if there is none. */
  byte[] get(byte[] key);

  /** The values in the order of the keys, null where there is none. */
  List<byte[]> multiGet(List<byte[]> keys);

  BenchIterator newIterator();

  /** A writer for one thread. */
  BenchWriter newWriter(Durability durability);

  /** Moves what is in memtables to SST files and waits for it. */
  void flush();

  /** Flushes, then merges all SST files. */
  void compact();

  /** A numeric property of RocksDB, such as {@code rocksdb.total-sst-files-size}. */
  long property(String name);

  /** Where its memory is now. */
  MemoryUse memory();

  /** Counters of the engine itself, by its own names. */
  Map<String, Long> statistics();

  @Override
  void close();
}
