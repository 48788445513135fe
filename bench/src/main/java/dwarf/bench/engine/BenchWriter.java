package dwarf.bench.engine;

/** Writes of one thread. Keys and values may be reused by the caller once a method has returned. */
public interface BenchWriter extends AutoCloseable {

  void put(byte[] key, byte[] value);

  void delete(byte[] key);

  /** Adds a put to the batch that {@link #commit} writes. */
  void addPut(byte[] key, byte[] value);

  /** Adds a deletion to the batch that {@link #commit} writes. */
  void addDelete(byte[] key);

  /** Writes the batch at once and begins a new one. */
  void commit();

  @Override
  void close();
}
