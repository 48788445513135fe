package dwarf.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.base.ReadGate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is freed under a read that is inside when the database is closed. */
class CloseUnderReadersTest {

  private static final int KEYS = 3_000;
  private static final int READERS = 3;
  private static final int TIMES = 20;

  @TempDir Path directory;

  /** Data in SST files, in DM and in the active memtable: close meets gets in each of them. */
  @Test
  void aReadBesideCloseFindsItsValueOrSaysThatTheDatabaseIsClosed() throws Exception {
    for (int time = 0; time < TIMES; time++) {
      DwarfDB db = open();
      for (int i = 0; i < KEYS; i++) {
        db.put(key(i), value(i));
      }
      closeUnderReaders(db);
    }
  }

  /** However long a get stays inside. */
  @Test
  void closeFreesNothingBeforeTheLastGetHasLeft() throws Exception {
    Database database = Database.open(directory.resolve("db"), options(), List.of());
    int token = database.gets().enter();
    Thread closer = Thread.ofPlatform().start(database::close);
    Await.until("close waits for the get", () -> isAtAGate(closer));
    database.gets().exit(token);
    closer.join();
    open().close();
  }

  /** At the gate of the calls nobody is inside, so who waits is at that of the gets. */
  private static boolean isAtAGate(Thread closer) {
    assertThat(closer.isAlive()).as("close has not returned").isTrue();
    return closer.getState() == Thread.State.TIMED_WAITING
        && Stream.of(closer.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(ReadGate.class.getName()));
  }

  private DwarfDB open() {
    return DwarfDB.open(directory.resolve("db"), options());
  }

  private static Options options() {
    return new Options()
        .setCreateIfMissing(true)
        .setWriteBufferSize(128 << 10)
        .setMinWriteBufferNumberToMerge(3);
  }

  private static void closeUnderReaders(DwarfDB db) throws Exception {
    CountDownLatch reading = new CountDownLatch(READERS);
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(threads.submit(reader(db, i, reading)));
      }
      reading.await();
      db.close();
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  /** Reads until it is told that the database is closed; how many values it has seen. */
  private static Callable<Integer> reader(DwarfDB db, int first, CountDownLatch reading) {
    return () -> {
      int seen = 0;
      try {
        for (int i = first; true; i = (i + 17) % KEYS) {
          assertThat(db.get(key(i))).isEqualTo(value(i));
          if (++seen == 1) {
            reading.countDown();
          }
        }
      } catch (DwarfException e) {
        assertThat(e.kind()).isEqualTo(DwarfException.Kind.CLOSED);
        return seen;
      } finally {
        if (seen == 0) {
          reading.countDown();
        }
      }
    };
  }

  private static byte[] key(int i) {
    return ("key" + i).getBytes(UTF_8);
  }

  private static byte[] value(int i) {
    return ("a value of some length for key " + i).getBytes(UTF_8);
  }
}
