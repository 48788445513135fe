package dwarf.storage;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.Keys;
import dwarf.base.ReadGate;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * One family as a snapshot sees it. For who reads often to keep: nothing is looked up by a call.
 *
 * <p>F1. A call passes the store's {@link ReadGate} and looks inside whether family and snapshot
 * are open; who closes either has said so before, and then waits at the gate (T3 of {@link
 * SstStore}). F2. The reserved marker key is invisible. F3. A family that has no rows yet is not
 * asked, and its calls pass no gate: they touch nothing native.
 *
 * <p>Any number of threads; needs no closing. INVALID_ARGUMENT once the family has been dropped,
 * CLOSED once the snapshot or the store has been closed.
 */
public final class FamilyReader {

  private final Source source;
  private final FamilyHandle family;
  private final StoreSnapshot snapshot;

  /** The store, as far as reading goes. */
  record Source(
      Path dir, RocksDB db, UseGuard guard, ReadGate gate, GetCalls gets, StoreCursors cursors) {}

  FamilyReader(Source source, FamilyHandle family, StoreSnapshot snapshot) {
    this.source = source;
    this.family = family;
    this.snapshot = snapshot;
  }

  /** The value, or null if the key is absent. */
  public byte[] get(byte[] key) {
    if (isWithoutRows() || Keys.isMarker(MemorySegment.ofArray(key))) {
      return null;
    }
    int token = source.gate.enter();
    try {
      checkOpen();
      return source.gets.get(family, snapshot.readOptions(), key);
    } catch (RocksDBException e) {
      throw failed(e);
    } finally {
      source.gate.exit(token);
    }
  }

  /** One value per key, null for an absent one. */
  public List<byte[]> multiGet(List<byte[]> keys) {
    if (isWithoutRows()) {
      return new ArrayList<>(Collections.nCopies(keys.size(), null));
    }
    int token = source.gate.enter();
    try {
      checkOpen();
      List<ColumnFamilyHandle> handles = Collections.nCopies(keys.size(), family.handle());
      List<byte[]> values =
          new ArrayList<>(source.db.multiGetAsList(snapshot.readOptions(), handles, keys));
      for (int i = 0; i < keys.size(); i++) {
        if (Keys.isMarker(MemorySegment.ofArray(keys.get(i)))) {
          values.set(i, null);
        }
      }
      return values;
    } catch (RocksDBException e) {
      throw failed(e);
    } finally {
      source.gate.exit(token);
    }
  }

  /**
   * Whether the family may have rows; if not, then no snapshot that has been taken so far has any.
   */
  public boolean mayHaveRows() {
    return family.mayHaveRows();
  }

  /**
   * A cursor over the family.
   *
   * @param lower first key inside, null for no bound
   * @param upper first key outside, null for no bound
   */
  public Cursor cursor(byte[] lower, byte[] upper) {
    source.guard.enter();
    int token = source.gate.enter();
    try {
      checkOpen();
      return mayHaveRows() ? source.cursors.open(family, snapshot, lower, upper) : NoRows.CURSOR;
    } finally {
      source.gate.exit(token);
      source.guard.exit();
    }
  }

  private boolean isWithoutRows() {
    return !family.mayHaveRows() && !snapshot.guard().isClosed() && !family.guard().isClosed();
  }

  private void checkOpen() {
    snapshot.guard().check();
    if (family.guard().isClosed()) {
      throw DwarfException.invalid(family.family() + " in " + source.dir + " has been dropped");
    }
  }

  private DwarfException failed(RocksDBException e) {
    return StoreErrors.of("reading from " + family.family() + " in " + source.dir, e);
  }
}
