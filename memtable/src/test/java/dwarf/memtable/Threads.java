package dwarf.memtable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs tasks at the same time, from one starting shot; the first failure is the test's. */
final class Threads {

  private static final int DEADLINE_SECONDS = 120;

  /** A task that may throw. */
  interface Task {
    void run() throws Exception;
  }

  private Threads() {}

  static void together(List<Task> tasks) {
    CountDownLatch start = new CountDownLatch(tasks.size());
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      List<Future<?>> running = new ArrayList<>();
      for (Task task : tasks) {
        running.add(
            threads.submit(
                () -> {
                  start.countDown();
                  start.await();
                  task.run();
                  return null;
                }));
      }
      await(running, threads);
    }
  }

  private static void await(List<Future<?>> running, ExecutorService threads) {
    try {
      for (Future<?> task : running) {
        task.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      threads.shutdownNow();
      throw new AssertionError("a concurrent task failed", e);
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
