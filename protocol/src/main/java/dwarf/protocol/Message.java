package dwarf.protocol;

import dwarf.base.WireWriter;

/**
 * One message or a part of one. Each implementation has a static {@code decode(WireReader)} beside
 * its {@code encode}, which reads the same fields in the same order, bounds every count and length,
 * and answers damage with CORRUPTION. Numbers are little-endian; lists have a 32-bit count in
 * front; what may be missing has a byte 0 or 1 in front.
 */
public interface Message {

  void encode(WireWriter out);
}
