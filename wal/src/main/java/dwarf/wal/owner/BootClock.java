package dwarf.wal.owner;

import dwarf.base.Clock;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Monotonic time that goes on while the machine is suspended ({@code CLOCK_BOOTTIME}). A lease
 * needs that: {@code System.nanoTime} stands still in suspension, and an owner waking up would take
 * its lease for fresh while another has long taken over.
 */
final class BootClock implements Clock {

  private static final int CLOCK_BOOTTIME = 7;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final MemoryLayout TIMESPEC =
      MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

  private static final MethodHandle CLOCK_GETTIME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
              Linker.Option.critical(false));

  private static final ThreadLocal<MemorySegment> TIME =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(TIMESPEC));

  @Override
  public long nanoTime() {
    MemorySegment time = TIME.get();
    int result;
    try {
      result = (int) CLOCK_GETTIME.invokeExact(CLOCK_BOOTTIME, time);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("clock_gettime threw", e);
    }
    if (result != 0) {
      throw new IllegalStateException("this system has no clock that counts suspension");
    }
    return time.get(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND
        + time.get(ValueLayout.JAVA_LONG, Long.BYTES);
  }
}
