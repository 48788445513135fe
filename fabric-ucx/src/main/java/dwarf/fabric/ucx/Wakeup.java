package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.openucx.jucx.ucp.UcpWorker;

/**
 * Sleeps until one of several workers has something to do or a time has passed. jucx can only wait
 * for ever, and for one worker, which would need a second thread for every timer; so the workers'
 * event descriptors are polled here.
 */
final class Wakeup {

  private static final short POLLIN = 1;
  private static final int OK = 0;
  private static final int POLLED_BYTES = 8;

  private static final MethodHandle ARM = function("ucp_worker_arm", ValueLayout.JAVA_LONG);
  private static final MethodHandle POLL =
      function("poll", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
  private static final MethodHandle DESCRIPTOR =
      function("ucp_worker_get_efd", ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);

  private final MemorySegment polled;

  /** For event descriptors, which must outlive no {@link #await}: one that is closed is silent. */
  Wakeup(int[] descriptors) {
    polled = Arena.ofAuto().allocate((long) POLLED_BYTES * descriptors.length, POLLED_BYTES);
    for (int i = 0; i < descriptors.length; i++) {
      polled.set(ValueLayout.JAVA_INT, (long) i * POLLED_BYTES, descriptors[i]);
      polled.set(ValueLayout.JAVA_SHORT, (long) i * POLLED_BYTES + 4, POLLIN);
    }
  }

  private static MethodHandle function(String name, ValueLayout... arguments) {
    return NativeCalls.function(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }

  /** The descriptor of a worker of a context with the wake-up feature. */
  static int eventDescriptor(UcpWorker worker) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      int status = (int) DESCRIPTOR.invokeExact((long) worker.getNativeId(), out);
      if (status != OK) {
        throw new DwarfException(
            Kind.NOT_SUPPORTED, "UCX gives no event descriptor for its worker: status " + status);
      }
      return out.get(ValueLayout.JAVA_INT, 0);
    } catch (Throwable e) {
      throw NativeCalls.failure(e);
    }
  }

  /** Whether it is safe to sleep: from now on an event of the worker ends {@link #await}. */
  static boolean arm(UcpWorker worker) {
    try {
      return (int) ARM.invokeExact((long) worker.getNativeId()) == OK;
    } catch (Throwable e) {
      throw NativeCalls.failure(e);
    }
  }

  /** Returns at an event, after the time, or now and then for no reason. */
  void await(int millis) {
    try {
      int unused = (int) POLL.invokeExact(polled, polled.byteSize() / POLLED_BYTES, millis);
    } catch (Throwable e) {
      throw NativeCalls.failure(e);
    }
  }
}
