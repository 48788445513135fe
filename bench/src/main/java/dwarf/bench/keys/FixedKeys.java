package dwarf.bench.keys;

import dwarf.base.DwarfException;
import java.util.Arrays;

/**
 * db_bench's keys: the index as up to eight bytes, big endian, then the character 0 up to the key
 * size. They sort like their indexes.
 */
public final class FixedKeys implements KeyCodec {

  private static final int INDEX_BYTES = 8;

  private final int size;
  private final int indexBytes;

  /** Keys of {@code size} bytes for the indexes below {@code count}. */
  public FixedKeys(int size, long count) {
    this.size = size;
    this.indexBytes = Math.min(size, INDEX_BYTES);
    if (indexBytes < INDEX_BYTES && (count - 1) >>> (8 * indexBytes) != 0) {
      throw DwarfException.invalid(
          "a --key_size of "
              + size
              + " cannot tell "
              + count
              + " keys apart; make it larger or --num smaller");
    }
  }

  @Override
  public byte[] encode(long index) {
    return encode(index, size);
  }

  /** One byte longer, as in db_bench. */
  @Override
  public byte[] missing(long index) {
    return encode(index, size + 1);
  }

  private byte[] encode(long index, int bytes) {
    byte[] key = new byte[bytes];
    for (int i = 0; i < indexBytes; i++) {
      key[i] = (byte) (index >>> (8 * (indexBytes - 1 - i)));
    }
    Arrays.fill(key, indexBytes, bytes, (byte) '0');
    return key;
  }
}
