package dwarf.bench.load;

import dwarf.bench.engine.BenchWriter;
import dwarf.bench.keys.KeySequence;

/** The benchmarks that write. */
final class Writing {

  private Writing() {}

  static void sequential(Worker worker) {
    puts(worker, worker.inOrder());
  }

  static void random(Worker worker) {
    puts(worker, worker.keys());
  }

  /** Beside readers; one key at a time. */
  static void background(Worker worker) {
    while (worker.begin(1) > 0) {
      worker.end(OpType.WRITE, 1, putOne(worker, worker.keys()));
    }
  }

  static void deleteSequential(Worker worker) {
    deletes(worker, worker.inOrder());
  }

  static void deleteRandom(Worker worker) {
    deletes(worker, worker.keys());
  }

  /** Puts one key; the bytes of key and value. */
  static long putOne(Worker worker, KeySequence keys) {
    byte[] key = worker.codec().encode(keys.next());
    byte[] value = worker.value();
    worker.writer().put(key, value);
    return (long) key.length + value.length;
  }

  private static void puts(Worker worker, KeySequence keys) {
    for (int n = worker.begin(worker.batchSize()); n > 0; n = worker.begin(worker.batchSize())) {
      long bytes = worker.batchSize() == 1 ? putOne(worker, keys) : putBatch(worker, keys, n);
      worker.end(OpType.WRITE, n, bytes);
    }
  }

  private static long putBatch(Worker worker, KeySequence keys, int n) {
    BenchWriter writer = worker.writer();
    long bytes = 0;
    for (int i = 0; i < n; i++) {
      byte[] key = worker.codec().encode(keys.next());
      byte[] value = worker.value();
      writer.addPut(key, value);
      bytes += key.length + value.length;
    }
    writer.commit();
    return bytes;
  }

  private static void deletes(Worker worker, KeySequence keys) {
    BenchWriter writer = worker.writer();
    for (int n = worker.begin(worker.batchSize()); n > 0; n = worker.begin(worker.batchSize())) {
      long bytes = 0;
      for (int i = 0; i < n; i++) {
        byte[] key = worker.codec().encode(keys.next());
        bytes += key.length;
        if (worker.batchSize() == 1) {
          writer.delete(key);
        } else {
          writer.addDelete(key);
        }
      }
      if (worker.batchSize() > 1) {
        writer.commit();
      }
      worker.end(OpType.DELETE, n, bytes);
    }
  }
}
