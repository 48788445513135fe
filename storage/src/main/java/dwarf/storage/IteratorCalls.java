package dwarf.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import org.rocksdb.RocksIterator;

/**
 * The steps of one RocksIterator through RocksDB's C API ({@link CApi}). A row costs four calls
 * (next, valid, key, value); key and value come as addresses, to be copied from there once.
 *
 * <p>J1. The C API's {@code rocksdb_iterator_t} is a struct of one field, the C++ iterator; the
 * Java object's handle is that iterator's address. So the struct is made here, around it. J2. The
 * calls that only look are critical ones: they do not leave Java for the virtual machine, and are
 * too short for that to matter. {@code next} and {@code prev} may read from storage.
 *
 * <p>Used and owned with the iterator, by one thread at a time.
 */
final class IteratorCalls {

  /** Pointers are numbers here: a segment for each would be an object for each row. */
  private static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;

  /** All memory, to copy from. */
  private static final MemorySegment EVERYTHING = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

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
  private final long structAt;
  private final long lengthAt;

  private IteratorCalls(RocksIterator iterator) {
    this.struct = CApi.struct(iterator.getNativeHandle());
    this.length = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    this.structAt = struct.address();
    this.lengthAt = length.address();
  }

  /** Calls for that iterator, which must outlive them; null if there are none. */
  static IteratorCalls of(RocksIterator iterator) {
    return CApi.isAvailable() ? new IteratorCalls(iterator) : null;
  }

  boolean isValid() {
    try {
      return (byte) VALID.invokeExact(structAt) != 0;
    } catch (Throwable e) {
      throw CApi.impossible(e);
    } finally {
      Reference.reachabilityFence(struct);
    }
  }

  void next() {
    try {
      NEXT.invokeExact(structAt);
    } catch (Throwable e) {
      throw CApi.impossible(e);
    } finally {
      Reference.reachabilityFence(struct);
    }
  }

  void prev() {
    try {
      PREV.invokeExact(structAt);
    } catch (Throwable e) {
      throw CApi.impossible(e);
    } finally {
      Reference.reachabilityFence(struct);
    }
  }

  /** Copies the key it stands on. */
  MemorySegment key(RowBytes into) {
    return into.copyOf(EVERYTHING, keyAt(), shownLength());
  }

  /** Copies the value it stands on. */
  MemorySegment value(RowBytes into) {
    return into.copyOf(EVERYTHING, valueAt(), shownLength());
  }

  private long keyAt() {
    try {
      return (long) KEY.invokeExact(structAt, lengthAt);
    } catch (Throwable e) {
      throw CApi.impossible(e);
    } finally {
      Reference.reachabilityFence(struct);
    }
  }

  private long valueAt() {
    try {
      return (long) VALUE.invokeExact(structAt, lengthAt);
    } catch (Throwable e) {
      throw CApi.impossible(e);
    } finally {
      Reference.reachabilityFence(struct);
    }
  }

  /** Of what has been asked for last. */
  private long shownLength() {
    return length.get(ValueLayout.JAVA_LONG, 0);
  }

  private static MethodHandle call(String name, FunctionDescriptor type, boolean critical) {
    return CApi.call("rocksdb_iter_" + name, type, critical);
  }
}
