package dwarf.fabric.spi;

import io.netty.util.concurrent.FastThreadLocalThread;

/**
 * A thread that drives a transport; operations called on it never wait for other operations. The
 * same holds for a caller's thread while it drives one, between {@link #beginDriving} and {@link
 * #endDriving}, which may nest.
 */
public final class FabricThread extends FastThreadLocalThread {

  private static final ThreadLocal<Integer> DRIVING = ThreadLocal.withInitial(() -> 0);

  public FabricThread(Runnable body, String name) {
    super(body, name);
    setDaemon(true);
  }

  /** Whether the calling thread is driving a transport now, so that waiting could deadlock it. */
  public static boolean isCurrent() {
    return Thread.currentThread() instanceof FabricThread || DRIVING.get() > 0;
  }

  public static void beginDriving() {
    DRIVING.set(DRIVING.get() + 1);
  }

  public static void endDriving() {
    DRIVING.set(DRIVING.get() - 1);
  }
}
