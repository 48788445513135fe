package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.util.List;

/**
 * The next rows of a scan.
 *
 * @param more whether the range may hold rows behind the last one; ask again with that key as an
 *     exclusive start
 */
public record ScanReply(List<ScanRow> rows, boolean more) implements Message {

  @Override
  public void encode(WireWriter out) {
    Codec.putList(out, rows);
    Codec.putFlag(out, more);
  }

  public static ScanReply decode(WireReader in) {
    List<ScanRow> rows = Codec.getList(in, Protocol.MAX_ROWS, ScanRow.LEAST_BYTES, ScanRow::decode);
    return new ScanReply(rows, Codec.getFlag(in));
  }
}
