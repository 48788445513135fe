package dwarf.node.worker;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.memtable.ImageIdentity;
import dwarf.memtable.ShardIndex;
import dwarf.memtable.ShardReader;
import dwarf.protocol.FlushTask;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.MemtableShards;
import dwarf.protocol.RemoteShard;
import java.util.ArrayList;
import java.util.List;

/**
 * The shards of a task as cursors over disaggregated memory, newest memtable first. Each image says
 * itself whose it is; one that is not what the task promises fails the task.
 */
final class TaskSources implements AutoCloseable {

  private static final int LEAST_CHUNK_BYTES = 16 << 10;
  private static final int MOST_CHUNK_BYTES = 1 << 20;

  private final List<Cursor> newestFirst = new ArrayList<>();
  private final List<RemoteBlocks> blocks = new ArrayList<>();

  /**
   * Opens all shards of a task.
   *
   * @param bufferBytes memory for reading ahead, shared by the shards
   */
  void open(MemoryNodeClient client, Attempt attempt, long bufferBytes) {
    FlushTask task = attempt.task();
    long shards = task.newestFirst().stream().mapToLong(memtable -> memtable.shards().size()).sum();
    long share = bufferBytes / Math.max(1, shards * RemoteBlocks.CHUNKS);
    int chunkBytes = Math.clamp(share, LEAST_CHUNK_BYTES, MOST_CHUNK_BYTES);
    for (MemtableShards memtable : task.newestFirst()) {
      for (RemoteShard shard : memtable.shards()) {
        RemoteBlocks image =
            new RemoteBlocks(
                (offset, target) -> client.readAsync(shard, offset, target),
                shard.bytes(),
                chunkBytes,
                attempt::checkAlive);
        ShardIndex index = ShardIndex.load(image, shard.bytes());
        checkIdentity(task, memtable, shard, index);
        blocks.add(image);
        newestFirst.add(new ShardReader(index, image).cursor());
      }
    }
  }

  List<Cursor> newestFirst() {
    return newestFirst;
  }

  long bytesRead() {
    return blocks.stream().mapToLong(RemoteBlocks::bytesRead).sum();
  }

  @Override
  public void close() {
    newestFirst.forEach(Cursor::close);
  }

  private static void checkIdentity(
      FlushTask task, MemtableShards memtable, RemoteShard shard, ShardIndex index) {
    ImageIdentity found = index.identity();
    boolean same =
        found.database().equals(task.database())
            && found.family() == task.family()
            && found.memtableId() == memtable.memtable()
            && found.firstSequence() == memtable.firstSequence()
            && found.lastSequence() == memtable.lastSequence()
            && index.shard() == shard.key().shard();
    if (!same) {
      throw DwarfException.corruption(
          "the image under handle "
              + shard.handle()
              + " is shard "
              + index.shard()
              + " of "
              + found
              + ", the task promises shard "
              + shard.key()
              + " with sequences "
              + memtable.firstSequence()
              + " to "
              + memtable.lastSequence());
    }
  }
}
