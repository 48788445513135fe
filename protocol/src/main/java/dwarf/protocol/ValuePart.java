package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.lang.foreign.MemorySegment;

/**
 * A value in a reply: its bytes, or where they are.
 *
 * @param bytes empty if {@code large} is set
 * @param large null unless the value has {@link Protocol#LARGE_VALUE_BYTES} or more
 */
public record ValuePart(MemorySegment bytes, LargeValue large) implements Message {

  static final int LEAST_BYTES = 5;

  /** The value of a deletion, and of no answer. */
  public static final ValuePart NONE = inline(MemorySegment.ofArray(new byte[0]));

  public static ValuePart inline(MemorySegment bytes) {
    return new ValuePart(bytes, null);
  }

  public static ValuePart large(LargeValue where) {
    return new ValuePart(NONE.bytes, where);
  }

  public boolean isLarge() {
    return large != null;
  }

  @Override
  public void encode(WireWriter out) {
    Codec.putFlag(out, isLarge());
    if (isLarge()) {
      large.encode(out);
    } else {
      out.putBytes(bytes);
    }
  }

  /** The bytes are a view of the message. */
  public static ValuePart decode(WireReader in) {
    return Codec.getFlag(in)
        ? large(LargeValue.decode(in))
        : inline(in.getSegment(Protocol.LARGE_VALUE_BYTES));
  }
}
