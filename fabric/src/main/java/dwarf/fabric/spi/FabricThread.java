package dwarf.fabric.spi;

import io.netty.util.concurrent.FastThreadLocalThread;

/** A thread that drives a transport; operations called on it never wait for other operations. */
public final class FabricThread extends FastThreadLocalThread {

  public FabricThread(Runnable body, String name) {
    super(body, name);
    setDaemon(true);
  }

  /** Whether the calling thread is driving a transport now, so that waiting could deadlock it. */
  public static boolean isCurrent() {
    return Thread.currentThread() instanceof FabricThread || SerialQueue.isDraining();
  }
}
