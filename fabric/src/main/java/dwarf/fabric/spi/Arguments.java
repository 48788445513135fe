package dwarf.fabric.spi;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricAddress;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Checks of what callers hand in, the same for every transport. */
public final class Arguments {

  private static final int MAX_OPCODE = 0xffff;

  private Arguments() {}

  public static void checkRequest(int opcode, MemorySegment payload, int maxBytes) {
    if (opcode < 0 || opcode > MAX_OPCODE) {
      throw DwarfException.invalid("opcode " + opcode + ": must be 0 to " + MAX_OPCODE);
    }
    if (payload.byteSize() > maxBytes) {
      throw DwarfException.invalid(
          "request of " + payload.byteSize() + " bytes: the largest frame is " + maxBytes);
    }
  }

  public static void checkTransfer(MemorySegment local, boolean landsHere) {
    RegionTable.checkShareable(local);
    if (landsHere && local.isReadOnly()) {
      throw DwarfException.invalid("one-sided read into read-only memory");
    }
  }

  public static void checkAllocation(long bytes) {
    if (bytes <= 0) {
      throw DwarfException.invalid("allocation of " + bytes + " bytes: must be positive");
    }
  }

  /** The timeout in nanoseconds, at most about 292 years. */
  public static long nanos(Duration timeout) {
    if (!timeout.isPositive()) {
      throw DwarfException.invalid("timeout " + timeout + ": must be positive");
    }
    return timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) > 0
        ? Long.MAX_VALUE / 2
        : timeout.toNanos();
  }

  public static void checkScheme(String scheme, FabricAddress address) {
    if (!address.scheme().equals(scheme)) {
      throw DwarfException.invalid("address " + address + " is none of transport " + scheme);
    }
  }
}
