package dwarf.evaluate.catalog;

/**
 * What each busy node does.
 *
 * @param tool whose flags the others are
 * @param common for both engines
 * @param ours only for ours: what is about disaggregated memory
 * @param peer only for the peer
 */
public record Load(Tool tool, Flags common, Flags ours, Flags peer) {

  /** The command that makes the load. */
  public enum Tool {
    BENCH,
    YCSB
  }

  static Load bench(Flags common) {
    return new Load(Tool.BENCH, common, Flags.NONE, Flags.NONE);
  }

  Load withCommon(String flag, Object value) {
    return new Load(tool, common.with(flag, value), ours, peer);
  }

  Load withCommon(Flags more) {
    return new Load(tool, common.with(more), ours, peer);
  }

  Load withOurs(String flag, Object value) {
    return new Load(tool, common, ours.with(flag, value), peer);
  }

  Load withPeer(String flag, Object value) {
    return new Load(tool, common, ours, peer.with(flag, value));
  }

  /** All flags for one of the engines. */
  public Flags flags(Engine engine) {
    return common.with(engine == Engine.DWARF ? ours : peer);
  }
}
