package dwarf.engine.read;

import dwarf.base.Cursor;
import dwarf.base.RecordType;
import dwarf.engine.dm.DmNode;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ScanReply;
import dwarf.protocol.ScanRequest;
import dwarf.protocol.ScanRow;
import dwarf.protocol.ShardHandle;
import dwarf.protocol.ValuePart;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All memtables of a family in disaggregated memory as one walk, merged by the memory node and
 * fetched in batches that double while the walk goes on in one direction. Shows of each key only
 * the newest version visible to its sequence, deletions included, which is all a merge with other
 * sources needs.
 */
final class DelegatedCursor implements Cursor {

  private static final int FIRST_ROWS = 16;
  private static final int MOST_ROWS = 1024;
  private static final int BATCH_BYTES = 1 << 20;

  private final DmNode node;
  private final Map<ShardHandle, RemoteShard> shards;
  private final List<ShardHandle> newestFirst;
  private final long sequence;
  private final Statistics statistics;
  private List<ScanRow> rows = List.of();
  private int at;
  private boolean reverse;
  private boolean more;
  private int batchRows = FIRST_ROWS;

  /**
   * @param shards of all memtables, newest memtable first
   */
  DelegatedCursor(DmNode node, List<RemoteShard> shards, long sequence, Statistics statistics) {
    this.node = node;
    this.shards = new HashMap<>();
    shards.forEach(shard -> this.shards.put(shard.handle(), shard));
    this.newestFirst = shards.stream().map(RemoteShard::handle).toList();
    this.sequence = sequence;
    this.statistics = statistics;
  }

  @Override
  public boolean isValid() {
    return at < rows.size();
  }

  @Override
  public void seekToFirst() {
    restart(null, true, false);
  }

  @Override
  public void seekToLast() {
    restart(null, true, true);
  }

  @Override
  public void seek(MemorySegment target) {
    restart(target.toArray(ValueLayout.JAVA_BYTE), true, false);
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    restart(target.toArray(ValueLayout.JAVA_BYTE), true, true);
  }

  @Override
  public void next() {
    advance(false);
  }

  @Override
  public void prev() {
    advance(true);
  }

  private void advance(boolean backward) {
    byte[] current = rows.get(at).key().toArray(ValueLayout.JAVA_BYTE);
    if (backward != reverse) {
      restart(current, false, backward);
      return;
    }
    at++;
    if (at == rows.size() && more) {
      batchRows = Math.min(MOST_ROWS, 2 * batchRows);
      fetch(current, false);
    }
  }

  private void restart(byte[] start, boolean inclusive, boolean backward) {
    reverse = backward;
    batchRows = FIRST_ROWS;
    fetch(start, inclusive);
  }

  private void fetch(byte[] start, boolean inclusive) {
    ScanReply reply =
        node.scan(
            new ScanRequest(
                node.database(),
                node.epoch(),
                sequence,
                newestFirst,
                new ScanRequest.Range(start, inclusive, null, reverse, batchRows, BATCH_BYTES)));
    statistics.increment(Counter.READS_DELEGATED);
    rows = reply.rows();
    more = reply.more();
    at = 0;
  }

  @Override
  public MemorySegment key() {
    return rows.get(at).key();
  }

  @Override
  public long sequence() {
    return rows.get(at).sequence();
  }

  @Override
  public RecordType type() {
    return rows.get(at).type();
  }

  @Override
  public MemorySegment value() {
    ValuePart value = rows.get(at).value();
    return value.large() == null
        ? value.bytes()
        : node.readLarge(shards.get(value.large().shard()), value.large());
  }

  @Override
  public void close() {
    rows = List.of();
    at = 0;
    more = false;
  }
}
