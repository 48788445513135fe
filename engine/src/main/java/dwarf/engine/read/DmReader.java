package dwarf.engine.read;

import dwarf.base.DwarfException;
import dwarf.base.Lookup;
import dwarf.base.RecordType;
import dwarf.engine.dm.DmNode;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.memtable.BlockSource;
import dwarf.memtable.LookupKey;
import dwarf.memtable.ShardReader;
import dwarf.protocol.GetReply;
import dwarf.protocol.LargeValue;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardHandle;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks keys up in memtables that lie in disaggregated memory, by the route the cost model finds
 * cheaper. When a route fails the other one is tried at once; when both fail the outcome is unknown
 * and says so.
 */
public final class DmReader {

  private final DmNode node;
  private final ReadCostModel costs;
  private final FetchBack fetchBack;
  private final Statistics statistics;

  public DmReader(DmNode node, ReadCostModel costs, FetchBack fetchBack, Statistics statistics) {
    this.node = node;
    this.costs = costs;
    this.fetchBack = fetchBack;
    this.statistics = statistics;
  }

  /** A shard whose range and filter say that it may hold the key. */
  public record Candidate(DmSource source, DmShard shard) {}

  /**
   * Searches the candidates newest first; true if one of them has a final answer. A value found is
   * valid until the thread's next lookup ({@link BlockScratch}).
   */
  boolean get(List<Candidate> newestFirst, LookupKey key, long sequence, Lookup out)
      throws UnknownOutcomeException {
    List<Candidate> remote = afterLocalCopies(newestFirst, key, sequence, out);
    return out.isFinal() || (!remote.isEmpty() && getRemote(remote, key, sequence, out));
  }

  /** Searches the newest candidates as far as they are here; the others, if there is no answer. */
  List<Candidate> afterLocalCopies(
      List<Candidate> newestFirst, LookupKey key, long sequence, Lookup out) {
    List<Candidate> remote = newestFirst;
    while (!remote.isEmpty()) {
      DmShard shard = remote.getFirst().shard();
      MemorySegment copy = shard.localCopy();
      if (copy == null) {
        break;
      }
      if (new ShardReader(shard.index(), ShardReader.over(copy)).get(key, sequence, out)) {
        statistics.increment(Counter.READS_LOCAL_COPY);
        break;
      }
      remote = remote.subList(1, remote.size());
    }
    return remote;
  }

  private boolean getRemote(List<Candidate> candidates, LookupKey key, long sequence, Lookup out)
      throws UnknownOutcomeException {
    for (Candidate candidate : candidates) {
      if (candidate.source().isLost()) {
        throw new UnknownOutcomeException(
            DwarfException.unavailable(
                "memtable " + candidate.source().id().number() + " was lost with its memory node"));
      }
      fetchBack.onRemoteRead(candidate.shard(), costs);
    }
    ReadCostModel.Route route = costs.choose(candidates.size(), node.load());
    try {
      return by(route, candidates, key, sequence, out);
    } catch (DwarfException first) {
      statistics.increment(Counter.READS_RETRIED);
      return byOtherRoute(route, candidates, key, sequence, out);
    }
  }

  private boolean byOtherRoute(
      ReadCostModel.Route failed,
      List<Candidate> candidates,
      LookupKey key,
      long sequence,
      Lookup out)
      throws UnknownOutcomeException {
    ReadCostModel.Route other =
        failed == ReadCostModel.Route.ONE_SIDED
            ? ReadCostModel.Route.DELEGATED
            : ReadCostModel.Route.ONE_SIDED;
    try {
      out.reset();
      return by(other, candidates, key, sequence, out);
    } catch (DwarfException second) {
      candidates.forEach(candidate -> node.suspect(candidate.source(), second));
      throw new UnknownOutcomeException(second);
    }
  }

  private boolean by(
      ReadCostModel.Route route,
      List<Candidate> candidates,
      LookupKey key,
      long sequence,
      Lookup out) {
    return route == ReadCostModel.Route.ONE_SIDED
        ? oneSided(candidates, key, sequence, out)
        : delegated(candidates, key, sequence, out);
  }

  private boolean oneSided(List<Candidate> candidates, LookupKey key, long sequence, Lookup out) {
    for (Candidate candidate : candidates) {
      DmShard shard = candidate.shard();
      if (new ShardReader(shard.index(), blocks(shard)).get(key, sequence, out)) {
        statistics.increment(Counter.READS_ONE_SIDED);
        return true;
      }
    }
    return false;
  }

  /** Virtual threads are many and short-lived, so they keep nothing. */
  private BlockSource blocks(DmShard shard) {
    RemoteShard image = shard.remote();
    return Thread.currentThread().isVirtual()
        ? node.blocks(image, nanos -> costs.measured(ReadCostModel.Route.ONE_SIDED, nanos))
        : BlockScratch.ofThisThread()
            .over((offset, target) -> node.read(image, offset, target), costs);
  }

  private boolean delegated(List<Candidate> candidates, LookupKey key, long sequence, Lookup out) {
    List<ShardHandle> handles = new ArrayList<>(candidates.size());
    candidates.forEach(candidate -> handles.add(candidate.shard().remote().handle()));
    long start = System.nanoTime();
    GetReply reply = node.get(sequence, handles, key.bytes().toArray(ValueLayout.JAVA_BYTE));
    costs.measured(ReadCostModel.Route.DELEGATED, System.nanoTime() - start);
    statistics.increment(Counter.READS_DELEGATED);
    take(reply, candidates, out);
    return out.isFinal();
  }

  /** What the memory node answered to a question about the candidates. */
  void take(GetReply reply, List<Candidate> candidates, Lookup out) {
    switch (reply.state()) {
      case FOUND -> out.set(RecordType.PUT, reply.sequence(), valueOf(reply, candidates));
      case DELETED -> out.set(RecordType.DELETE, reply.sequence(), MemorySegment.NULL);
      case ABSENT -> out.reset();
    }
  }

  private MemorySegment valueOf(GetReply reply, List<Candidate> candidates) {
    LargeValue large = reply.value().large();
    if (large == null) {
      return reply.value().bytes();
    }
    for (Candidate candidate : candidates) {
      if (candidate.shard().remote().handle().equals(large.shard())) {
        return node.readLarge(candidate.shard().remote(), large);
      }
    }
    throw DwarfException.corruption("the memory node answered from a shard nobody asked about");
  }
}
