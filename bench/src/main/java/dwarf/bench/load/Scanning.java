package dwarf.bench.load;

import dwarf.bench.engine.BenchIterator;

/** The benchmarks that walk. */
final class Scanning {

  private Scanning() {}

  static void forward(Worker worker) {
    try (BenchIterator walk = worker.engine().newIterator()) {
      walk.seekToFirst();
      while (walk.isValid() && worker.begin(1) > 0) {
        int bytes = walk.read();
        walk.next();
        entry(worker, bytes);
      }
      walk.check();
    }
  }

  static void backward(Worker worker) {
    try (BenchIterator walk = worker.engine().newIterator()) {
      walk.seekToLast();
      while (walk.isValid() && worker.begin(1) > 0) {
        int bytes = walk.read();
        walk.prev();
        entry(worker, bytes);
      }
      walk.check();
    }
  }

  /** An iterator, a seek, and some entries from there, each time anew. */
  static void seeks(Worker worker) {
    int nexts = worker.workload().mix().seekNexts();
    while (worker.begin(1) > 0) {
      byte[] key = worker.randomKey();
      long bytes = 0;
      try (BenchIterator walk = worker.engine().newIterator()) {
        walk.seek(key);
        worker.looked(walk.isAt(key));
        for (int i = 0; i < nexts && walk.isValid(); i++) {
          bytes += walk.read();
          walk.next();
        }
        walk.check();
      }
      worker.end(OpType.SEEK, 1, bytes);
    }
  }

  private static void entry(Worker worker, int bytes) {
    worker.looked(true);
    worker.end(OpType.READ, 1, bytes);
  }
}
