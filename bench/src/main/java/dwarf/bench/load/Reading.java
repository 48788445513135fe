package dwarf.bench.load;

import java.util.ArrayList;
import java.util.List;

/** The benchmarks that look keys up. */
final class Reading {

  private Reading() {}

  static void random(Worker worker) {
    while (worker.begin(1) > 0) {
      getOne(worker, worker.randomKey());
    }
  }

  static void missing(Worker worker) {
    while (worker.begin(1) > 0) {
      getOne(worker, worker.codec().missing(worker.keys().next()));
    }
  }

  static void multi(Worker worker) {
    List<byte[]> keys = new ArrayList<>(worker.batchSize());
    for (int n = worker.begin(worker.batchSize()); n > 0; n = worker.begin(worker.batchSize())) {
      keys.clear();
      for (int i = 0; i < n; i++) {
        keys.add(worker.randomKey());
      }
      List<byte[]> values = worker.engine().multiGet(keys);
      long bytes = 0;
      for (int i = 0; i < n; i++) {
        bytes += look(worker, keys.get(i), values.get(i));
      }
      worker.end(OpType.READ, n, bytes);
    }
  }

  /** In rounds of a hundred, first the reads and then the writes, as db_bench does. */
  static void mixed(Worker worker) {
    int reads = worker.workload().mix().readPercent();
    for (int turn = 0; worker.begin(1) > 0; turn = (turn + 1) % 100) {
      if (turn < reads) {
        getOne(worker, worker.randomKey());
      } else {
        worker.end(OpType.WRITE, 1, Writing.putOne(worker, worker.keys()));
      }
    }
  }

  private static void getOne(Worker worker, byte[] key) {
    long bytes = look(worker, key, worker.engine().get(key));
    worker.end(OpType.READ, 1, bytes);
  }

  private static long look(Worker worker, byte[] key, byte[] value) {
    worker.looked(value != null);
    return value == null ? 0 : (long) key.length + value.length;
  }
}
