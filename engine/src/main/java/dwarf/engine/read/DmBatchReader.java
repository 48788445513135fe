package dwarf.engine.read;

import dwarf.base.DwarfException;
import dwarf.base.Lookup;
import dwarf.engine.dm.DmNode;
import dwarf.engine.stats.Counter;
import dwarf.engine.stats.Statistics;
import dwarf.memtable.LookupKey;
import dwarf.protocol.GetReply;
import dwarf.protocol.KeyCandidates;
import dwarf.protocol.Protocol;
import dwarf.protocol.ShardHandle;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks many keys up in memtables that lie in disaggregated memory, with one delegated request for
 * as many of them as fit.
 *
 * <p>B1. A question is answered only if every candidate was searched or a newer one had the final
 * answer; whatever goes wrong leaves its questions unanswered, for the point reader to ask one by
 * one, to retry and to wait. B2. A request has at most {@value #MAX_KEYS} keys, {@value
 * #MAX_KEY_BYTES} bytes of keys (one key may be longer) and {@link Protocol#MAX_HANDLES} shards;
 * the client bounds the replies.
 */
public final class DmBatchReader {

  private static final Logger LOG = LoggerFactory.getLogger(DmBatchReader.class);

  static final int MAX_KEYS = 1024;
  static final int MAX_KEY_BYTES = 1 << 20;

  private final DmNode node;
  private final DmReader single;
  private final ReadCostModel costs;
  private final FetchBack fetchBack;
  private final Statistics statistics;

  public DmBatchReader(
      DmNode node,
      DmReader single,
      ReadCostModel costs,
      FetchBack fetchBack,
      Statistics statistics) {
    this.node = node;
    this.single = single;
    this.costs = costs;
    this.fetchBack = fetchBack;
    this.statistics = statistics;
  }

  /** One key and its candidates, newest first; and the answer, once there is one. */
  static final class Question {

    private final byte[] key;
    private final Lookup found = new Lookup();
    private List<DmReader.Candidate> candidates;
    private boolean answered;

    Question(byte[] key, List<DmReader.Candidate> newestFirst) {
      this.key = key;
      this.candidates = newestFirst;
    }

    /** False: the outcome is unknown. */
    boolean isAnswered() {
      return answered;
    }

    /** Of an answered question; ABSENT means that no candidate knows the key. */
    Lookup found() {
      return found;
    }
  }

  /** Answers what can be answered together; the caller keeps the candidates' memtables pinned. */
  void ask(List<Question> questions, long sequence) {
    List<Question> remote = new ArrayList<>();
    for (Question question : questions) {
      if (isRemote(question, sequence)) {
        remote.add(question);
      }
    }
    if (costs.isBatchCheaper(remote.size(), node.load())) {
      askNode(remote, sequence);
    }
  }

  /** Searches what is here; whether the memory node is still to be asked, and can be. */
  private boolean isRemote(Question question, long sequence) {
    LookupKey key = LookupKey.of(MemorySegment.ofArray(question.key));
    question.candidates =
        single.afterLocalCopies(question.candidates, key, sequence, question.found);
    question.answered = question.found.isFinal() || question.candidates.isEmpty();
    return !question.answered
        && question.candidates.stream().noneMatch(candidate -> candidate.source().isLost());
  }

  private void askNode(List<Question> questions, long sequence) {
    Batch batch = new Batch();
    for (Question question : questions) {
      if (!batch.hasRoomFor(question)) {
        batch.send(sequence);
        batch = new Batch();
      }
      batch.add(question);
    }
    batch.send(sequence);
  }

  /** What goes into one request. */
  private final class Batch {

    private final List<Question> questions = new ArrayList<>();
    private final List<KeyCandidates> keys = new ArrayList<>();
    private final Map<ShardHandle, Integer> positions = new LinkedHashMap<>();
    private long keyBytes;

    boolean hasRoomFor(Question question) {
      return questions.isEmpty()
          || (questions.size() < MAX_KEYS
              && keyBytes + question.key.length <= MAX_KEY_BYTES
              && positions.size() + question.candidates.size() <= Protocol.MAX_HANDLES);
    }

    void add(Question question) {
      int[] newestFirst = new int[question.candidates.size()];
      for (int i = 0; i < newestFirst.length; i++) {
        DmReader.Candidate candidate = question.candidates.get(i);
        ShardHandle handle = candidate.shard().remote().handle();
        Integer known = positions.putIfAbsent(handle, positions.size());
        newestFirst[i] = known == null ? positions.size() - 1 : known;
        fetchBack.onRemoteRead(candidate.shard(), costs);
      }
      questions.add(question);
      keys.add(new KeyCandidates(question.key, newestFirst));
      keyBytes += question.key.length;
    }

    void send(long sequence) {
      List<GetReply> answers;
      try {
        answers = node.multiGet(sequence, List.copyOf(positions.keySet()), keys).answers();
      } catch (DwarfException e) {
        LOG.debug("{} keys are asked for one by one: {}", keys.size(), e.getMessage());
        statistics.add(Counter.READS_RETRIED, keys.size());
        return;
      }
      statistics.increment(Counter.READS_DELEGATED);
      statistics.add(Counter.READS_BATCHED, keys.size());
      for (int i = 0; i < answers.size(); i++) {
        take(questions.get(i), answers.get(i));
      }
    }

    /** A large value is read only now, and that may fail. */
    private void take(Question question, GetReply answer) {
      try {
        single.take(answer, question.candidates, question.found);
        question.answered = true;
      } catch (DwarfException e) {
        LOG.debug("a large value is asked for again: {}", e.getMessage());
        statistics.increment(Counter.READS_RETRIED);
        question.found.reset();
      }
    }
  }
}
