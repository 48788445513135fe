package dwarf.storage;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.rocksdb.RocksIterator;

/**
 * The steps of one RocksIterator through RocksDB's C API ({@link CApi}). A row costs four calls
 * (next, valid, key, value); key and value come as addresses instead of copies.
 *
 * <p>J1. The C API's {@code rocksdb_iterator_t} is a struct of one field, the C++ iterator; the
 * Java object's handle is that iterator's address. So the struct is made here, around it. J2. The
 * calls that only look are critical ones: they do not leave Java for the virtual machine, and are
 * too short for that to matter. {@code next} and {@code prev} may read from storage.
 *
 * <p>Used and owned with the iterator, by one thread at a time.
 */
final class IteratorCalls {

  private static final AddressLayout POINTER = ValueLayout.ADDRESS;

  private static final MethodHandle VALID =
      call("valid", FunctionDescriptor.of(ValueLayout.JAVA_BYTE, POINTER), true);
  private static final MethodHandle NEXT = call("next", FunctionDescriptor.ofVoid(POINTER), false);
  private static final MethodHandle PREV = call("prev", FunctionDescriptor.ofVoid(POINTER), false);
  private static final MethodHandle KEY =
      call("key", FunctionDescriptor.of(POINTER, POINTER, POINTER), true);
  private static final MethodHandle VALUE =
      call("value", FunctionDescriptor.of(POINTER, POINTER, POINTER), true);

  private final MemorySegment struct;
  private final MemorySegment length;

  private IteratorCalls(RocksIterator iterator) {
    this.struct = CApi.struct(iterator.getNativeHandle());
    this.length = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
  }

  /** Calls for that iterator, which must outlive them; null if there are none. */
  static IteratorCalls of(RocksIterator iterator) {
    return CApi.isAvailable() ? new IteratorCalls(iterator) : null;
  }

  boolean isValid() {
    try {
      return (byte) VALID.invokeExact(struct) != 0;
    } catch (Throwable e) {
      throw CApi.impossible(e);
    }
  }

  void next() {
    try {
      NEXT.invokeExact(struct);
    } catch (Throwable e) {
      throw CApi.impossible(e);
    }
  }

  void prev() {
    try {
      PREV.invokeExact(struct);
    } catch (Throwable e) {
      throw CApi.impossible(e);
    }
  }

  /** Where it lies in RocksDB's memory; until the iterator moves. */
  MemorySegment key() {
    try {
      MemorySegment at = (MemorySegment) KEY.invokeExact(struct, length);
      return at.reinterpret(length.get(ValueLayout.JAVA_LONG, 0));
    } catch (Throwable e) {
      throw CApi.impossible(e);
    }
  }

  /** As {@link #key}. */
  MemorySegment value() {
    try {
      MemorySegment at = (MemorySegment) VALUE.invokeExact(struct, length);
      return at.reinterpret(length.get(ValueLayout.JAVA_LONG, 0));
    } catch (Throwable e) {
      throw CApi.impossible(e);
    }
  }

  private static MethodHandle call(String name, FunctionDescriptor type, boolean critical) {
    return CApi.call("rocksdb_iter_" + name, type, critical);
  }
}
