package dwarf.bench.engine;

import dwarf.base.Keys;
import dwarf.engine.DwarfIterator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An iterator of DwaRF-LSM. */
final class DwarfWalk implements BenchIterator {

  private static final int BUFFER_BYTES = 4096;

  private final DwarfIterator iterator;
  private byte[] buffer = new byte[BUFFER_BYTES];

  DwarfWalk(DwarfIterator iterator) {
    this.iterator = iterator;
  }

  @Override
  public boolean isValid() {
    return iterator.isValid();
  }

  @Override
  public void seekToFirst() {
    iterator.seekToFirst();
  }

  @Override
  public void seekToLast() {
    iterator.seekToLast();
  }

  @Override
  public void seek(byte[] target) {
    iterator.seek(target);
  }

  @Override
  public void next() {
    iterator.next();
  }

  @Override
  public void prev() {
    iterator.prev();
  }

  @Override
  public boolean isAt(byte[] key) {
    return iterator.isValid()
        && Keys.compare(iterator.keySegment(), MemorySegment.ofArray(key)) == 0;
  }

  @Override
  public byte[] key() {
    return iterator.key();
  }

  @Override
  public byte[] value() {
    return iterator.value();
  }

  @Override
  public int read() {
    return copy(iterator.keySegment()) + copy(iterator.valueSegment());
  }

  private int copy(MemorySegment source) {
    int size = (int) source.byteSize();
    if (size > buffer.length) {
      buffer = new byte[size];
    }
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, 0, buffer, 0, size);
    return size;
  }

  @Override
  public void check() {
    iterator.status();
  }

  @Override
  public void close() {
    iterator.close();
  }
}
