package dwarf.cli.text;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Whether standard error is a terminal, which decides between a live bar and plain lines. Asked of
 * the C library, because java.io.Console looks at standard input and output only.
 */
public final class Terminal {

  private static final int STANDARD_ERROR = 2;

  private Terminal() {}

  public static boolean isStandardError() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> isatty = linker.defaultLookup().find("isatty");
    if (isatty.isEmpty()) {
      return false;
    }
    FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    try {
      return (int) linker.downcallHandle(isatty.get(), type).invokeExact(STANDARD_ERROR) == 1;
    } catch (Throwable e) {
      throw new IllegalStateException("isatty cannot fail in this way", e);
    }
  }
}
