package dwarf.node.worker;

/** Waiting for threads to end. */
final class Threads {

  private Threads() {}

  /** Waits for the thread's end, through interrupts, which are kept for the caller. */
  static void join(Thread thread) {
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
