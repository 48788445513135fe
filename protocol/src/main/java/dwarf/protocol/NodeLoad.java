package dwarf.protocol;

import dwarf.base.WireReader;
import dwarf.base.WireWriter;

/**
 * How busy a memory node was when it answered; the first part of every reply.
 *
 * @param queueDepth delegated reads waiting for a thread
 * @param cpuPermille CPU of the node's machine in use, 0 to 1000
 */
public record NodeLoad(int queueDepth, int cpuPermille, long poolBytes, long poolUsed)
    implements Message {

  /** Before the first reply. */
  public static final NodeLoad UNKNOWN = new NodeLoad(0, 0, 0, 0);

  @Override
  public void encode(WireWriter out) {
    out.putInt(queueDepth).putInt(cpuPermille).putLong(poolBytes).putLong(poolUsed);
  }

  public static NodeLoad decode(WireReader in) {
    int queueDepth = Codec.getNotNegativeInt(in, "queueDepth");
    int cpuPermille = Codec.getNotNegativeInt(in, "cpuPermille");
    long poolBytes = Codec.getNotNegative(in, "poolBytes");
    return new NodeLoad(queueDepth, cpuPermille, poolBytes, Codec.getNotNegative(in, "poolUsed"));
  }
}
