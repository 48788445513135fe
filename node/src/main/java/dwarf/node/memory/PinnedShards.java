package dwarf.node.memory;

import java.util.List;

/** Sealed shards whose memory stays while they are read. */
record PinnedShards(List<DmShard> shards) implements AutoCloseable {

  @Override
  public void close() {
    shards.forEach(DmShard::unpin);
  }
}
