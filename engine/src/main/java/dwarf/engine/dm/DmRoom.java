package dwarf.engine.dm;

import dwarf.engine.view.Views;
import dwarf.protocol.NodeLoad;

/**
 * How much memory a memory node has for one database, as of the node's last answer: its pool, or
 * the quota if that is less.
 *
 * @param free bytes
 * @param capacity bytes, free or not
 */
public record DmRoom(long free, long capacity) {

  /** Where there is no disaggregated memory, or none that has ever answered. */
  public static final DmRoom NONE = new DmRoom(0, 0);

  static DmRoom of(DmNode node, Views views) {
    NodeLoad load = node.load();
    if (load.poolBytes() == 0) {
      return NONE;
    }
    long free = node.isUsable() ? load.poolBytes() - load.poolUsed() : 0;
    if (node.quotaBytes() == 0 || node.quotaBytes() >= load.poolBytes()) {
      return new DmRoom(free, load.poolBytes());
    }
    return new DmRoom(Math.clamp(node.quotaBytes() - views.dmBytes(), 0, free), node.quotaBytes());
  }
}
