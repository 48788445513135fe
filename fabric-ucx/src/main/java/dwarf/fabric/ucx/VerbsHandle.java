package dwarf.fabric.ucx;

import static dwarf.fabric.ucx.MessageHead.INT;
import static dwarf.fabric.ucx.MessageHead.LONG;

import dwarf.fabric.Access;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What a peer needs to reach a granted range by its network card: the answer to RESOLVE, little
 * endian.
 *
 * <pre>
 *   0         8        16          20           24
 *   | address | length | writable  | key length | UCX's packed remote key ... |
 *   | u64     | u64    | u32: 0, 1 | u32        |                             |
 * </pre>
 */
record VerbsHandle(long address, long length, Access access, byte[] packedKey) {

  static final int HEAD_BYTES = 24;
  static final int MAX_KEY_BYTES = 1024;

  MemorySegment encode() {
    MemorySegment out = MemorySegment.ofArray(new byte[HEAD_BYTES + packedKey.length]);
    out.set(LONG, 0, address);
    out.set(LONG, 8, length);
    out.set(INT, 16, access == Access.READ_WRITE ? 1 : 0);
    out.set(INT, 20, packedKey.length);
    MemorySegment.copy(packedKey, 0, out, ValueLayout.JAVA_BYTE, HEAD_BYTES, packedKey.length);
    return out;
  }

  /** Reads what {@link #encode} writes, or throws CORRUPTION. */
  static VerbsHandle decode(MemorySegment in) {
    if (in.byteSize() <= HEAD_BYTES || in.byteSize() > HEAD_BYTES + MAX_KEY_BYTES) {
      throw MessageHead.malformed("a network card's handle of " + in.byteSize() + " bytes");
    }
    int writable = in.get(INT, 16);
    if (in.get(INT, 20) != in.byteSize() - HEAD_BYTES || writable < 0 || writable > 1) {
      throw MessageHead.malformed("a network card's handle with impossible values");
    }
    return new VerbsHandle(
        in.get(LONG, 0),
        in.get(LONG, 8),
        writable == 1 ? Access.READ_WRITE : Access.READ,
        in.asSlice(HEAD_BYTES).toArray(ValueLayout.JAVA_BYTE));
  }

  /** Whether the range and the access allow it; what they do not, the emulation refuses. */
  boolean allows(long offset, long bytes, boolean write) {
    return offset >= 0 && offset <= length - bytes && (!write || access == Access.READ_WRITE);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerbsHandle handle
        && address == handle.address
        && length == handle.length
        && access == handle.access
        && Arrays.equals(packedKey, handle.packedKey);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(address) * 31 + Arrays.hashCode(packedKey);
  }

  @Override
  public String toString() {
    return "VerbsHandle[" + length + " bytes, " + access + "]";
  }
}
