package dwarf.base;

/** Monotonic time, injected so that leases, deadlines and rates can be tested without waiting. */
@FunctionalInterface
public interface Clock {

  /** The machine's monotonic clock. */
  Clock SYSTEM = System::nanoTime;

  /** Nanoseconds since an arbitrary origin; compare by difference only. */
  long nanoTime();
}
