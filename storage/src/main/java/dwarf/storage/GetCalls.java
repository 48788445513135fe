package dwarf.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Lookups through RocksDB's C API ({@link CApi}): key and value pass through memory that each
 * thread keeps, where JNI allocates and copies once more.
 *
 * <p>G1. The C API's structs of a database and of a family begin with a pointer to the C++ object,
 * so they are made here; its read options begin with the C++ object itself, so the Java object's
 * handle will do. G2. What is out of the ordinary is done by the Java method, which looks again: a
 * long key, a value for which there is no room yet, an error (there it is typed), a virtual thread
 * (there may be too many to keep memory for). G3. A thread keeps room for the largest value that it
 * has read, {@value #MOST_VALUE_BYTES} bytes at most; after a larger one it asks the Java method at
 * once for a while, so that databases of such values do not look twice for each.
 */
final class GetCalls {

  private static final int MOST_KEY_BYTES = 1 << 10;
  private static final int FIRST_VALUE_BYTES = 4 << 10;
  private static final int MOST_VALUE_BYTES = 1 << 20;

  /** Gets after one that can never fit for which the Java method is asked at once. */
  private static final int PASSED_BY = 100;

  private static final long LENGTH_AT = 0;
  private static final long ERROR_AT = 8;
  private static final long FOUND_AT = 16;
  private static final long KEY_AT = 32;
  private static final long VALUE_AT = KEY_AT + MOST_KEY_BYTES;

  /** {@code rocksdb_get_into_buffer_cf}; all pointers as numbers. */
  private static final MethodHandle GET =
      CApi.call(
          "rocksdb_get_into_buffer_cf",
          FunctionDescriptor.of(
              ValueLayout.JAVA_BYTE,
              ValueLayout.JAVA_LONG, // database
              ValueLayout.JAVA_LONG, // read options
              ValueLayout.JAVA_LONG, // family
              ValueLayout.JAVA_LONG, // key
              ValueLayout.JAVA_LONG, // its length
              ValueLayout.JAVA_LONG, // where the value goes
              ValueLayout.JAVA_LONG, // the room there
              ValueLayout.JAVA_LONG, // where the value's length goes
              ValueLayout.JAVA_LONG, // where 1 goes if there is a value
              ValueLayout.JAVA_LONG), // where a text goes that is to be freed
          false);

  private static final MethodHandle FREE =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("free"),
              FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

  private static final byte[] UNDECIDED = {};
  private static final ThreadLocal<Exchange> EXCHANGES = ThreadLocal.withInitial(Exchange::new);

  private final RocksDB db;
  private final MemorySegment struct;

  GetCalls(RocksDB db) {
    this.db = db;
    this.struct = CApi.struct(db.getNativeHandle());
  }

  /** The value, or null; inside the gate of the store's reads. */
  byte[] get(FamilyHandle in, ReadOptions options, byte[] key) throws RocksDBException {
    if (CApi.isAvailable() && key.length <= MOST_KEY_BYTES && !Thread.currentThread().isVirtual()) {
      byte[] value = EXCHANGES.get().get(struct, options, in.struct(), key);
      if (value != UNDECIDED) {
        return value;
      }
    }
    return db.get(in.handle(), options, key);
  }

  /** One thread's memory for key and value. */
  private static final class Exchange {

    private MemorySegment memory = memory(FIRST_VALUE_BYTES);
    private int valueBytes = FIRST_VALUE_BYTES;
    private int toPassBy;

    private static MemorySegment memory(int valueBytes) {
      return Arena.ofAuto().allocate(VALUE_AT + valueBytes, Long.BYTES);
    }

    byte[] get(MemorySegment db, ReadOptions options, MemorySegment family, byte[] key) {
      if (toPassBy > 0) {
        toPassBy--;
        return UNDECIDED;
      }
      MemorySegment.copy(key, 0, memory, ValueLayout.JAVA_BYTE, KEY_AT, key.length);
      memory.set(ValueLayout.JAVA_LONG, ERROR_AT, 0);
      boolean fits = call(db, options, family, key.length);
      long error = memory.get(ValueLayout.JAVA_LONG, ERROR_AT);
      if (error != 0) {
        free(error);
        return UNDECIDED;
      }
      if (memory.get(ValueLayout.JAVA_BYTE, FOUND_AT) == 0) {
        return null;
      }
      long length = memory.get(ValueLayout.JAVA_LONG, LENGTH_AT);
      if (!fits) {
        growFor(length);
        return UNDECIDED;
      }
      byte[] value = new byte[(int) length];
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, VALUE_AT, value, 0, value.length);
      return value;
    }

    private boolean call(
        MemorySegment db, ReadOptions options, MemorySegment family, long keyBytes) {
      long base = memory.address();
      try {
        return (byte)
                GET.invokeExact(
                    db.address(),
                    options.getNativeHandle(),
                    family.address(),
                    base + KEY_AT,
                    keyBytes,
                    base + VALUE_AT,
                    (long) valueBytes,
                    base + LENGTH_AT,
                    base + FOUND_AT,
                    base + ERROR_AT)
            != 0;
      } catch (Throwable e) {
        throw CApi.impossible(e);
      } finally {
        Reference.reachabilityFence(db);
        Reference.reachabilityFence(family);
        Reference.reachabilityFence(memory);
      }
    }

    private void growFor(long length) {
      if (length <= MOST_VALUE_BYTES) {
        valueBytes = Math.max(2 * valueBytes, Math.toIntExact(length));
        memory = memory(valueBytes);
      } else {
        toPassBy = PASSED_BY;
      }
    }

    private static void free(long text) {
      try {
        FREE.invokeExact(text);
      } catch (Throwable e) {
        throw CApi.impossible(e);
      }
    }
  }
}
