package dwarf.engine.read;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A walk over disaggregated memory of which somebody hears when it meets damage. The log still has
 * what is damaged, so for the reader it is UNAVAILABLE: a new walk succeeds once it is rebuilt.
 */
final class WatchedCursor implements Cursor {

  private final Cursor cursor;
  private final Consumer<DwarfException> onDamage;

  WatchedCursor(Cursor cursor, Consumer<DwarfException> onDamage) {
    this.cursor = cursor;
    this.onDamage = onDamage;
  }

  private void move(Runnable step) {
    watched(
        () -> {
          step.run();
          return null;
        });
  }

  private <T> T watched(Supplier<T> step) {
    try {
      return step.get();
    } catch (DwarfException e) {
      if (e.kind() != DwarfException.Kind.CORRUPTION) {
        throw e;
      }
      onDamage.accept(e);
      throw new DwarfException(
          DwarfException.Kind.UNAVAILABLE,
          "disaggregated memory is damaged and will be rebuilt from the log; begin the scan again: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public boolean isValid() {
    return cursor.isValid();
  }

  @Override
  public void seekToFirst() {
    move(cursor::seekToFirst);
  }

  @Override
  public void seekToLast() {
    move(cursor::seekToLast);
  }

  @Override
  public void seek(MemorySegment target) {
    move(() -> cursor.seek(target));
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    move(() -> cursor.seekForPrev(target));
  }

  @Override
  public void next() {
    move(cursor::next);
  }

  @Override
  public void prev() {
    move(cursor::prev);
  }

  @Override
  public MemorySegment key() {
    return cursor.key();
  }

  @Override
  public long sequence() {
    return cursor.sequence();
  }

  @Override
  public RecordType type() {
    return cursor.type();
  }

  @Override
  public MemorySegment value() {
    return watched(cursor::value);
  }

  @Override
  public void close() {
    cursor.close();
  }
}
