package dwarf.bench.load;

import dwarf.bench.engine.BenchEngine;
import java.util.Map;

/** The database of a run, which can be thrown away and made anew. */
public interface Database extends AutoCloseable {

  BenchEngine engine();

  /** Removes everything and opens an empty one; {@link #engine} is another one then. */
  void recreate();

  /** Counters of the engine and of RocksDB. */
  Map<String, Long> statistics();

  @Override
  void close();
}
