package dwarf.process;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How long a daemon lives: until SIGTERM or SIGINT, or, if asked, until its standard input ends,
 * which it does when the process that started it is gone. Made before the daemon, closed after it:
 * a signal in between still ends in a clean stop.
 */
public final class Lifetime implements AutoCloseable {

  private static final Duration CLOSING = Duration.ofSeconds(20);

  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stopAndHalt);
  private volatile boolean clean;

  public Lifetime(boolean endsWithParent) {
    Runtime.getRuntime().addShutdownHook(hook);
    if (endsWithParent) {
      Thread.ofPlatform().daemon().name("parent-watch").start(this::watchParent);
    }
  }

  /** Blocks until it is time to stop, then closes {@code daemon}. */
  public void run(AutoCloseable daemon) {
    try {
      stop.await();
      daemon.close();
      clean = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DwarfException(
          DwarfException.Kind.INTERNAL, "the main thread of a daemon was interrupted", e);
    } catch (DwarfException e) {
      throw e;
    } catch (Exception e) {
      throw DwarfException.io("the daemon did not close cleanly: " + e, e);
    }
  }

  private void watchParent() {
    try {
      InputStream in = System.in;
      byte[] ignored = new byte[256];
      int count = in.read(ignored);
      while (count >= 0) {
        count = in.read(ignored);
      }
      stop.countDown();
    } catch (IOException e) {
      // A broken pipe also means that the parent is gone.
      stop.countDown();
    }
  }

  /**
   * Runs when the JVM is told to stop. Halting with 0 makes a clean stop distinguishable from a
   * failed one; the JVM itself would say 143 for both.
   */
  private void stopAndHalt() {
    stop.countDown();
    try {
      boolean inTime = closed.await(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
      Runtime.getRuntime().halt(inTime && clean ? 0 : 1);
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook is running already, and waits for exactly this.
      closed.countDown();
    }
  }
}
