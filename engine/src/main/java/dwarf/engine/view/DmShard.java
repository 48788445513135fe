package dwarf.engine.view;

import dwarf.memtable.ShardIndex;
import dwarf.protocol.RemoteShard;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/** One shard in disaggregated memory: where it is, its local index, and how often it is read. */
public final class DmShard {

  private final RemoteShard remote;
  private final ShardIndex index;
  private final AtomicLong reads = new AtomicLong();

  /** A copy brought home because the shard is hot; heap memory, so late readers are safe. */
  private volatile MemorySegment localCopy;

  public DmShard(RemoteShard remote, ShardIndex index) {
    this.remote = remote;
    this.index = index;
  }

  public RemoteShard remote() {
    return remote;
  }

  public ShardIndex index() {
    return index;
  }

  /** Counts one remote read and returns how many there have been. */
  public long countRead() {
    return reads.incrementAndGet();
  }

  public MemorySegment localCopy() {
    return localCopy;
  }

  public void keepLocalCopy(MemorySegment image) {
    localCopy = image;
  }

  public void dropLocalCopy() {
    localCopy = null;
  }
}
