package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/**
 * Whole messages: a request is its record; a reply is the node's {@link NodeLoad}, then the record.
 *
 * <pre>
 * offset 0   4            8          16        24
 * reply: | queueDepth | cpuPermille | poolBytes | poolUsed | record ...
 * </pre>
 */
public final class Messages {

  private Messages() {}

  public static MemorySegment encode(Message message) {
    WireWriter out = new WireWriter();
    message.encode(out);
    return out.segment();
  }

  /** Decodes all of {@code bytes}; CORRUPTION if they are damaged, too short or too long. */
  public static <T> T decode(Opcode opcode, MemorySegment bytes, Function<WireReader, T> decoder) {
    WireReader in = new WireReader("message " + opcode, bytes);
    T message = decoder.apply(in);
    in.expectEnd();
    return message;
  }

  public static MemorySegment encodeReply(NodeLoad load, Message message) {
    WireWriter out = new WireWriter();
    load.encode(out);
    message.encode(out);
    return out.segment();
  }

  /** A reply taken apart. */
  public record Reply<T>(NodeLoad load, T message) {}

  public static <T> Reply<T> decodeReply(
      Opcode opcode, MemorySegment bytes, Function<WireReader, T> decoder) {
    WireReader in = new WireReader("reply to " + opcode, bytes);
    NodeLoad load = NodeLoad.decode(in);
    T message = decoder.apply(in);
    in.expectEnd();
    return new Reply<>(load, message);
  }
}
