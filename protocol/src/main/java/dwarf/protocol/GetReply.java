package dwarf.protocol;

import dwarf.base.Lookup;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/**
 * The answer to one key. ABSENT means that every candidate was searched and none knows the key.
 *
 * @param value of a FOUND; {@link ValuePart#NONE} otherwise
 * @param sequence of the version found or deleted; 0 if ABSENT
 */
public record GetReply(Lookup.State state, long sequence, ValuePart value) implements Message {

  static final int LEAST_BYTES = 9 + ValuePart.LEAST_BYTES;

  public static final GetReply ABSENT = new GetReply(Lookup.State.ABSENT, 0, ValuePart.NONE);

  private static final int CODE_ABSENT = 0;
  private static final int CODE_FOUND = 1;
  private static final int CODE_DELETED = 2;

  @Override
  public void encode(WireWriter out) {
    out.putByte(
        switch (state) {
          case ABSENT -> CODE_ABSENT;
          case FOUND -> CODE_FOUND;
          case DELETED -> CODE_DELETED;
        });
    out.putLong(sequence);
    value.encode(out);
  }

  public static GetReply decode(WireReader in) {
    Lookup.State state =
        switch (in.getUnsignedByte()) {
          case CODE_ABSENT -> Lookup.State.ABSENT;
          case CODE_FOUND -> Lookup.State.FOUND;
          case CODE_DELETED -> Lookup.State.DELETED;
          default -> throw in.damaged("unknown state of a lookup");
        };
    return new GetReply(state, in.getLong(), ValuePart.decode(in));
  }
}
