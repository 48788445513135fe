package dwarf.fabric.ucx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What an endpoint runs on, like {@code [posix/memory, tcp/lo]}, for logs and tests: UCX tells it
 * only as text made for people, which is too little to build safety on.
 */
final class Lanes {

  private static final Pattern LANE =
      Pattern.compile("lane\\[\\d+\\]:\\s+\\d+:(\\w+/[\\w.:-]+?)(?:\\.\\d+)? ");

  private static final MethodHandle OPEN =
      NativeCalls.function(
          "open_memstream",
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
  private static final MethodHandle CLOSE =
      NativeCalls.function(
          "fclose", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  private static final MethodHandle FREE =
      NativeCalls.function("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
  private static final MethodHandle PRINT =
      NativeCalls.function(
          "ucp_ep_print_info",
          FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));

  private Lanes() {}

  static List<String> of(long endpoint) {
    return LANE.matcher(description(endpoint)).results().map(Lanes::name).distinct().toList();
  }

  private static String name(MatchResult lane) {
    return lane.group(1);
  }

  private static String description(long endpoint) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment file = (MemorySegment) OPEN.invokeExact(text, size);
      PRINT.invokeExact(endpoint, file);
      int unused = (int) CLOSE.invokeExact(file);
      MemorySegment bytes = text.get(ValueLayout.ADDRESS, 0);
      String described = bytes.reinterpret(size.get(ValueLayout.JAVA_LONG, 0) + 1).getString(0);
      FREE.invokeExact(bytes);
      return described;
    } catch (Throwable e) {
      throw NativeCalls.failure(e);
    }
  }
}
