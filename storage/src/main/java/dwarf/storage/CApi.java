package dwarf.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.rocksdb.RocksDB;

/**
 * RocksDB's C API, which the library of rocksdbjni exports, too. Calls are a few nanoseconds
 * cheaper than through JNI, and bytes stay where they are instead of being copied to arrays first.
 *
 * <p>Only for the version of rocksdbjni this was tested with ({@link #VERSION}): what is relied on
 * is how the C API's structs lie around the C++ objects whose addresses the Java objects know. With
 * another one, and where the library exports no C API, it is not available, and the Java methods
 * serve.
 */
final class CApi {

  /** The native library's version, major and minor: the C API is that of the C++ code beside it. */
  static final String VERSION = "11.8";

  /** Room for a pointer and what else a struct may have behind it, zero. */
  private static final int STRUCT_BYTES = 16;

  private static final boolean AVAILABLE = lookUp();

  private CApi() {}

  private static boolean lookUp() {
    RocksDB.Version version = RocksDB.rocksdbVersion();
    return ValueLayout.ADDRESS.byteSize() == Long.BYTES
        && VERSION.equals(version.getMajor() + "." + version.getMinor())
        && SymbolLookup.loaderLookup().find("rocksdb_get_into_buffer_cf").isPresent();
  }

  static boolean isAvailable() {
    return AVAILABLE;
  }

  /**
   * A call, or null if there are none.
   *
   * @param critical it is so short that the virtual machine may wait for it
   */
  static MethodHandle call(String name, FunctionDescriptor type, boolean critical) {
    if (!AVAILABLE) {
      return null;
    }
    Linker.Option[] options =
        critical ? new Linker.Option[] {Linker.Option.critical(false)} : new Linker.Option[0];
    MemorySegment function = SymbolLookup.loaderLookup().find(name).orElseThrow();
    return Linker.nativeLinker().downcallHandle(function, type, options);
  }

  /** The C API's struct around a C++ object, whose pointer is its first field. */
  static MemorySegment struct(long object) {
    MemorySegment struct = Arena.ofAuto().allocate(STRUCT_BYTES, Long.BYTES);
    struct.set(ValueLayout.JAVA_LONG, 0, object);
    return struct;
  }

  static LinkageError impossible(Throwable e) {
    return new LinkageError("a call of RocksDB's C API threw", e);
  }
}
