package dwarf.protocol;

import dwarf.base.DwarfException;
import dwarf.base.Limits;
import dwarf.base.RecordType;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.lang.foreign.MemorySegment;

/**
 * The newest visible version of one key; deletions too, since they hide what is older elsewhere.
 */
public record ScanRow(MemorySegment key, long sequence, RecordType type, ValuePart value)
    implements Message {

  static final int LEAST_BYTES = 13 + ValuePart.LEAST_BYTES;

  @Override
  public void encode(WireWriter out) {
    out.putBytes(key).putLong(sequence).putByte(type.code());
    value.encode(out);
  }

  /** Key and value are views of the message. */
  public static ScanRow decode(WireReader in) {
    MemorySegment key = in.getSegment(Limits.MAX_KEY_BYTES);
    long sequence = in.getLong();
    byte code = in.getByte();
    RecordType type;
    try {
      type = RecordType.fromCode(code);
    } catch (DwarfException unknown) {
      throw in.damaged(unknown.getMessage());
    }
    return new ScanRow(key, sequence, type, ValuePart.decode(in));
  }
}
