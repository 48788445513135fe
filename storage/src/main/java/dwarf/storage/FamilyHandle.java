package dwarf.storage;

import java.lang.foreign.MemorySegment;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;

/** An open column family and the native objects that come with it. */
final class FamilyHandle {

  private final Family family;
  private final FamilyOptions options;
  private final ColumnFamilyOptions nativeOptions;
  private final ColumnFamilyHandle handle;
  private final MemorySegment struct;
  private final UseGuard guard;

  /**
   * Whether there may be a row. False only from the start and until the first ingest begins: who
   * has a snapshot with rows of it has it from after that.
   */
  private volatile boolean mayHaveRows;

  /** Takes over {@code nativeOptions} and {@code handle}. */
  FamilyHandle(
      Family family,
      FamilyOptions options,
      ColumnFamilyOptions nativeOptions,
      ColumnFamilyHandle handle,
      boolean mayHaveRows) {
    this.family = family;
    this.options = options;
    this.nativeOptions = nativeOptions;
    this.handle = handle;
    this.struct = CApi.struct(handle.getNativeHandle());
    this.mayHaveRows = mayHaveRows;
    this.guard = new UseGuard("column family " + family.show());
  }

  Family family() {
    return family;
  }

  FamilyOptions options() {
    return options;
  }

  ColumnFamilyOptions nativeOptions() {
    return nativeOptions;
  }

  /** To be used inside {@link #guard()} or the gate of the store's reads only. */
  ColumnFamilyHandle handle() {
    return handle;
  }

  /** The handle for RocksDB's C API; as {@link #handle}. */
  MemorySegment struct() {
    return struct;
  }

  boolean mayHaveRows() {
    return mayHaveRows;
  }

  /** Before an ingest. */
  void expectRows() {
    mayHaveRows = true;
  }

  UseGuard guard() {
    return guard;
  }

  void close() {
    guard.close();
    guard.awaitUnused();
    handle.close();
    nativeOptions.close();
  }
}
