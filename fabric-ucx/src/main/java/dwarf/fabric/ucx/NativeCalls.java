package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** The few C functions that jucx does not offer, found in what jucx has loaded. */
final class NativeCalls {

  private NativeCalls() {}

  static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        SymbolLookup.loaderLookup().or(linker.defaultLookup()).find(name).orElseThrow(), type);
  }

  /** What a call has thrown, as an exception of ours. */
  static DwarfException failure(Throwable e) {
    return e instanceof DwarfException known
        ? known
        : new DwarfException(Kind.INTERNAL, "calling UCX failed: " + e, e);
  }
}
