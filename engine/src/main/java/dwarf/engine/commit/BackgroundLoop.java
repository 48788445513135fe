package dwarf.engine.commit;

/**
 * A background thread that repeats one step until it is closed. A step that throws ends the loop
 * and fails the database; interrupting is how close() ends a wait, and nothing else interrupts it.
 */
public final class BackgroundLoop implements AutoCloseable {

  /** One round of the work; waits inside must be interruptible. */
  @FunctionalInterface
  public interface Step {
    void run() throws InterruptedException;
  }

  private final String name;
  private final Health health;
  private final Step step;
  private final Thread thread;
  private volatile boolean stopping;

  public BackgroundLoop(String name, Health health, Step step) {
    this.name = name;
    this.health = health;
    this.step = step;
    this.thread = Thread.ofPlatform().name("dwarf-" + name).daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    while (!stopping) {
      try {
        step.run();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!stopping && !health.isClosed()) {
          health.fail(name, e);
        }
        return;
      }
    }
  }

  /** Ends the loop and returns when its thread has ended; the caller's interrupt is kept. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
