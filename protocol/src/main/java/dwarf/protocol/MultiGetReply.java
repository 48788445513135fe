package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.util.List;

/**
 * Answers in the order of the keys. On the wire there may be fewer than were asked for (at least
 * one), since a reply is bounded; {@link MemoryNodeClient} asks on until it has all.
 */
public record MultiGetReply(List<GetReply> answers) implements Message {

  @Override
  public void encode(WireWriter out) {
    Codec.putList(out, answers);
  }

  public static MultiGetReply decode(WireReader in) {
    return new MultiGetReply(
        Codec.getList(in, Protocol.MAX_KEYS, GetReply.LEAST_BYTES, GetReply::decode));
  }
}
