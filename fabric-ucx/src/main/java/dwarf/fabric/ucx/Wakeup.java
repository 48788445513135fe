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
 * Sleeps until a worker has something to do or a time has passed. jucx can only wait for ever,
 * which would need a second thread for every timer; so the worker's event descriptor is polled
 * here.
 */
final class Wakeup {

  private static final short POLLIN = 1;
  private static final int OK = 0;

  private static final MethodHandle ARM = function("ucp_worker_arm", ValueLayout.JAVA_LONG);
  private static final MethodHandle POLL =
      function("poll", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
  private static final MethodHandle DESCRIPTOR =
      function("ucp_worker_get_efd", ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);

  private final long worker;
  private final MemorySegment polled = Arena.ofAuto().allocate(8, 4);

  /** For a worker of a context with the wake-up feature. */
  Wakeup(UcpWorker ucpWorker) {
    worker = ucpWorker.getNativeId();
    polled.set(ValueLayout.JAVA_INT, 0, eventDescriptor());
    polled.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
  }

  private static MethodHandle function(String name, ValueLayout... arguments) {
    return NativeCalls.function(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }

  private int eventDescriptor() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      int status = (int) DESCRIPTOR.invokeExact(worker, out);
      if (status != OK) {
        throw new DwarfException(
            Kind.NOT_SUPPORTED, "UCX gives no event descriptor for its worker: status " + status);
      }
      return out.get(ValueLayout.JAVA_INT, 0);
    } catch (Throwable e) {
      throw NativeCalls.failure(e);
    }
  }

  /** Whether it is safe to sleep: from now on an event ends {@link #await}. */
  boolean arm() {
    try {
      return (int) ARM.invokeExact(worker) == OK;
    } catch (Throwable e) {
      throw NativeCalls.failure(e);
    }
  }

  /** Returns at an event, after the time, or now and then for no reason. */
  void await(int millis) {
    try {
      int unused = (int) POLL.invokeExact(polled, 1L, millis);
    } catch (Throwable e) {
      throw NativeCalls.failure(e);
    }
  }
}
