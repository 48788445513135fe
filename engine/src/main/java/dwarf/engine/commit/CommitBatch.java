package dwarf.engine.commit;

import dwarf.wal.WalBatch;
import java.lang.foreign.MemorySegment;

/** What the commit pipeline needs to know of a batch; it is not changed while it is committed. */
public interface CommitBatch {

  /** Records in the batch; each takes one sequence number. */
  int count();

  long byteSize();

  /** The family of all records; -1 if there are several. */
  int onlyFamily();

  /** What the records of the {@link #onlyFamily} take of a memtable's log. */
  long memtableBytes();

  /** The encoded records, without a copy. */
  MemorySegment records();

  /** The encoded records as they go into the WAL, from that sequence on; shares the bytes. */
  WalBatch at(long firstSequence);

  /** Tells each family with records here, with their number and memtable footprint. */
  void footprint(FootprintVisitor visitor);

  /** One family's share of a batch. */
  @FunctionalInterface
  interface FootprintVisitor {
    void visit(int family, int records, long logBytes);
  }
}
