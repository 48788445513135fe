package dwarf.engine.read;

import dwarf.base.Cursor;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/** A walk that tells how long each search for its first row took, in nanoseconds. */
final class TimedSeeks implements Cursor {

  private final Cursor cursor;
  private final LongConsumer taken;

  TimedSeeks(Cursor cursor, LongConsumer taken) {
    this.cursor = cursor;
    this.taken = taken;
  }

  @Override
  public void seekToFirst() {
    timed(cursor::seekToFirst);
  }

  @Override
  public void seekToLast() {
    timed(cursor::seekToLast);
  }

  @Override
  public void seek(MemorySegment target) {
    timed(() -> cursor.seek(target));
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    timed(() -> cursor.seekForPrev(target));
  }

  private void timed(Runnable seek) {
    long start = System.nanoTime();
    seek.run();
    taken.accept(System.nanoTime() - start);
  }

  @Override
  public boolean isValid() {
    return cursor.isValid();
  }

  @Override
  public void next() {
    cursor.next();
  }

  @Override
  public void prev() {
    cursor.prev();
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
    return cursor.value();
  }

  @Override
  public void close() {
    cursor.close();
  }
}
