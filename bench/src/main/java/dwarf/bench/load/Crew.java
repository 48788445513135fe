package dwarf.bench.load;

import dwarf.base.DwarfException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The threads of one round: they begin together, and the first failure ends them all. Platform
 * threads, since each keeps a core busy and calls native code.
 */
final class Crew {

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch ready;
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch measured;
  private final CountDownLatch all;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * @param measuredThreads threads that are waited for
   * @param backgroundThreads threads that go on until those have ended
   */
  Crew(int measuredThreads, int backgroundThreads) {
    measured = new CountDownLatch(measuredThreads);
    all = new CountDownLatch(measuredThreads + backgroundThreads);
    ready = new CountDownLatch(measuredThreads + backgroundThreads);
  }

  boolean hasFailed() {
    return failure.get() != null;
  }

  boolean measuredAreDone() {
    return measured.getCount() == 0 || hasFailed();
  }

  void add(String name, boolean isMeasured, Runnable work) {
    threads.add(Thread.ofPlatform().name(name).daemon().unstarted(() -> guarded(isMeasured, work)));
  }

  private void guarded(boolean isMeasured, Runnable work) {
    try {
      ready.countDown();
      go.await();
      work.run();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    } finally {
      if (isMeasured) {
        measured.countDown();
      }
      all.countDown();
    }
  }

  /** Lets all threads go at one moment, once every one of them runs. */
  void start() {
    threads.forEach(Thread::start);
    try {
      ready.await();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      go.countDown();
    }
  }

  /** Waits for all threads for so long; whether they have ended. */
  boolean await(long millis) {
    try {
      return all.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private DwarfException interrupted(InterruptedException e) {
    failure.compareAndSet(null, e);
    Thread.currentThread().interrupt();
    return new DwarfException(DwarfException.Kind.CLOSED, "the benchmark was interrupted", e);
  }

  /** Throws the first failure of a thread, if there was one. */
  void check(String benchmark) {
    Throwable cause = failure.get();
    if (cause instanceof DwarfException known) {
      throw new DwarfException(known.kind(), benchmark + ": " + known.getMessage(), known);
    }
    if (cause != null) {
      throw new DwarfException(
          DwarfException.Kind.INTERNAL, benchmark + " failed: " + cause, cause);
    }
  }
}
