package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.time.Duration;
import java.util.UUID;

/**
 * What a memory node tells about itself.
 *
 * @param incarnation new at every start of the node: another one means that all memory is gone
 * @param lease a database not heard of for this long loses its memory
 */
public record NodeInfo(UUID incarnation, int version, long poolBytes, Duration lease)
    implements Message {

  @Override
  public void encode(WireWriter out) {
    out.putUuid(incarnation).putInt(version).putLong(poolBytes);
    Codec.putMillis(out, lease);
  }

  public static NodeInfo decode(WireReader in) {
    UUID incarnation = in.getUuid();
    int version = in.getInt();
    long poolBytes = Codec.getNotNegative(in, "poolBytes");
    return new NodeInfo(incarnation, version, poolBytes, Codec.getMillis(in, "lease"));
  }
}
