package dwarf.storage;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/**
 * The steps of one RocksIterator through RocksDB's C API, which the library of rocksdbjni exports,
 * too. A row costs four calls (next, valid, key, value); here each is a few nanoseconds cheaper
 * than through JNI, and key and value come as addresses instead of copies.
 *
 * <p>J1. The C API's {@code rocksdb_iterator_t} is a struct of one field, the C++ iterator; the
 * Java object's handle is that iterator's address. So the struct is made here, around it. J2. Only
 * for the version of rocksdbjni this was tested with ({@link #VERSION}); with another one, and
 * where the library exports no C API, there are none of these, and the Java methods serve. J3. The
 * calls that only look are critical ones: they do not leave Java for the virtual machine, and are
 * too short for that to matter. {@code next} and {@code prev} may read from storage.
 *
 * <p>Used and owned with the iterator, by one thread at a time.
 */
final class IteratorCalls {

  /** The native library's version, major and minor: the C API is that of the C++ code beside it. */
  static final String VERSION = "11.8";

  private static final Linker LINKER = Linker.nativeLinker();
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final boolean AVAILABLE = isAvailable();

  private static final MethodHandle VALID =
      handle("valid", FunctionDescriptor.of(ValueLayout.JAVA_BYTE, POINTER), true);
  private static final MethodHandle NEXT =
      handle("next", FunctionDescriptor.ofVoid(POINTER), false);
  private static final MethodHandle PREV =
      handle("prev", FunctionDescriptor.ofVoid(POINTER), false);
  private static final MethodHandle KEY =
      handle("key", FunctionDescriptor.of(POINTER, POINTER, POINTER), true);
  private static final MethodHandle VALUE =
      handle("value", FunctionDescriptor.of(POINTER, POINTER, POINTER), true);

  private final MemorySegment struct;
  private final MemorySegment length;

  private IteratorCalls(RocksIterator iterator) {
    MemorySegment memory = Arena.ofAuto().allocate(2 * POINTER.byteSize(), POINTER.byteSize());
    this.struct = memory.asSlice(0, POINTER.byteSize());
    this.length = memory.asSlice(POINTER.byteSize());
    struct.set(ValueLayout.JAVA_LONG, 0, iterator.getNativeHandle());
  }

  /** Calls for that iterator, which must outlive them; null if there are none (J2). */
  static IteratorCalls of(RocksIterator iterator) {
    return AVAILABLE ? new IteratorCalls(iterator) : null;
  }

  boolean isValid() {
    try {
      return (byte) VALID.invokeExact(struct) != 0;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  void next() {
    try {
      NEXT.invokeExact(struct);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  void prev() {
    try {
      PREV.invokeExact(struct);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Where it lies in RocksDB's memory; until the iterator moves. */
  MemorySegment key() {
    try {
      MemorySegment at = (MemorySegment) KEY.invokeExact(struct, length);
      return at.reinterpret(length.get(ValueLayout.JAVA_LONG, 0));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** As {@link #key}. */
  MemorySegment value() {
    try {
      MemorySegment at = (MemorySegment) VALUE.invokeExact(struct, length);
      return at.reinterpret(length.get(ValueLayout.JAVA_LONG, 0));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private static boolean isAvailable() {
    RocksDB.Version version = RocksDB.rocksdbVersion();
    return POINTER.byteSize() == Long.BYTES
        && VERSION.equals(version.getMajor() + "." + version.getMinor())
        && find("valid").isPresent();
  }

  private static Optional<MemorySegment> find(String call) {
    return SymbolLookup.loaderLookup().find("rocksdb_iter_" + call);
  }

  private static MethodHandle handle(String call, FunctionDescriptor type, boolean critical) {
    if (!AVAILABLE) {
      return null;
    }
    Linker.Option[] options =
        critical ? new Linker.Option[] {Linker.Option.critical(false)} : new Linker.Option[0];
    return LINKER.downcallHandle(find(call).orElseThrow(), type, options);
  }

  private static LinkageError impossible(Throwable e) {
    return new LinkageError("a call of RocksDB's C API threw", e);
  }
}
