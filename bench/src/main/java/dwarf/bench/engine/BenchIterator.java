package dwarf.bench.engine;

/** A walk over the database in key order, by one thread. */
public interface BenchIterator extends AutoCloseable {

  boolean isValid();

  void seekToFirst();

  void seekToLast();

  void seek(byte[] target);

  void next();

  void prev();

  /** Whether the walk stands at that key. */
  boolean isAt(byte[] key);

  byte[] key();

  byte[] value();

  /** Copies key and value of where the walk stands to the Java heap; their bytes together. */
  int read();

  /** Throws what ended the walk, if that was not the end of the data. */
  void check();

  @Override
  void close();
}
