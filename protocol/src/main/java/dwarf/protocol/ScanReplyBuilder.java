package dwarf.protocol;

import dwarf.base.RecordType;
import dwarf.base.WireWriter;
import java.lang.foreign.MemorySegment;

/** A {@link ScanReply} put together row by row; each row is copied as it is added. */
public final class ScanReplyBuilder implements Message {

  private final WireWriter rows = new WireWriter(16 << 10);
  private int count;
  private boolean more;

  public void add(MemorySegment key, long sequence, RecordType type, ValuePart value) {
    new ScanRow(key, sequence, type, value).encode(rows);
    count++;
  }

  public void setMore(boolean rangeGoesOn) {
    more = rangeGoesOn;
  }

  public int count() {
    return count;
  }

  /** Bytes of the rows so far. */
  public int size() {
    return rows.size();
  }

  @Override
  public void encode(WireWriter out) {
    out.putInt(count).putRaw(rows.segment());
    Codec.putFlag(out, more);
  }
}
