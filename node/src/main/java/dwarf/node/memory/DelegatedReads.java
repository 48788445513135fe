package dwarf.node.memory;

import dwarf.base.Checksums;
import dwarf.base.Clock;
import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.Keys;
import dwarf.base.Lookup;
import dwarf.memtable.LookupKey;
import dwarf.memtable.MergingCursor;
import dwarf.memtable.VisibleCursor;
import dwarf.protocol.GetReply;
import dwarf.protocol.GetRequest;
import dwarf.protocol.KeyCandidates;
import dwarf.protocol.LargeValue;
import dwarf.protocol.Message;
import dwarf.protocol.MultiGetReply;
import dwarf.protocol.MultiGetRequest;
import dwarf.protocol.Protocol;
import dwarf.protocol.ScanReplyBuilder;
import dwarf.protocol.ScanRequest;
import dwarf.protocol.ValuePart;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads done here on behalf of an engine, over any number of a database's sealed shards.
 *
 * <p>R1. All named shards are searched or the request fails: an answer never misses a source. R2.
 * The shards stay pinned until the answer has been encoded, since it points into them; so an answer
 * is handed to a consumer and not returned. R3. Every answer is bounded in rows and bytes, a scan
 * also in time, and still makes progress.
 */
final class DelegatedReads {

  /** Rows between two looks at the clock. */
  private static final int ROWS_PER_LOOK = 64;

  private final Clock clock;
  private final long scanNanos;

  DelegatedReads(Clock clock, Duration scanTime) {
    this.clock = clock;
    this.scanNanos = scanTime.toNanos();
  }

  void get(DatabaseShards database, GetRequest request, Consumer<Message> answer) {
    try (PinnedShards pinned = database.pin(request.epoch(), request.newestFirst())) {
      LookupKey key = LookupKey.of(MemorySegment.ofArray(request.key()));
      Lookup lookup = new Lookup();
      for (DmShard shard : pinned.shards()) {
        if (shard.reader().get(key, request.sequence(), lookup)) {
          answer.accept(found(shard, lookup));
          return;
        }
      }
      answer.accept(GetReply.ABSENT);
    }
  }

  void multiGet(DatabaseShards database, MultiGetRequest request, Consumer<Message> answer) {
    try (PinnedShards pinned = database.pin(request.epoch(), request.handles())) {
      List<GetReply> answers = new ArrayList<>(request.keys().size());
      Lookup lookup = new Lookup();
      long bytes = 0;
      for (KeyCandidates key : request.keys()) {
        if (bytes >= Protocol.MAX_REPLY_BYTES) {
          break;
        }
        GetReply reply = searchAll(pinned.shards(), key, request.sequence(), lookup);
        answers.add(reply);
        bytes += reply.value().bytes().byteSize();
      }
      answer.accept(new MultiGetReply(answers));
    }
  }

  void scan(DatabaseShards database, ScanRequest request, Consumer<Message> answer) {
    try (PinnedShards pinned = database.pin(request.epoch(), request.newestFirst())) {
      List<Cursor> sources = new ArrayList<>(pinned.shards().size());
      pinned.shards().forEach(shard -> sources.add(shard.reader().cursor()));
      try (Cursor rows = new VisibleCursor(new MergingCursor(sources), request.sequence(), true)) {
        answer.accept(walk(pinned.shards(), rows, request.range()));
      }
    }
  }

  private ScanReplyBuilder walk(List<DmShard> shards, Cursor rows, ScanRequest.Range range) {
    int maxRows = Math.clamp(range.maxRows(), 1, Protocol.MAX_ROWS);
    int maxBytes = Math.clamp(range.maxBytes(), 1, Protocol.MAX_REPLY_BYTES);
    MemorySegment end = range.end() == null ? null : MemorySegment.ofArray(range.end());
    long start = clock.nanoTime();
    ScanReplyBuilder reply = new ScanReplyBuilder();
    begin(rows, range);
    while (rows.isValid() && isInside(rows.key(), end, range.reverse())) {
      boolean late =
          reply.count() % ROWS_PER_LOOK == ROWS_PER_LOOK - 1
              && clock.nanoTime() - start > scanNanos;
      if (reply.count() == maxRows || reply.size() >= maxBytes || late) {
        reply.setMore(true);
        break;
      }
      reply.add(rows.key(), rows.sequence(), rows.type(), part(shards, rows.value()));
      if (range.reverse()) {
        rows.prev();
      } else {
        rows.next();
      }
    }
    return reply;
  }

  private static void begin(Cursor rows, ScanRequest.Range range) {
    if (range.start() == null) {
      if (range.reverse()) {
        rows.seekToLast();
      } else {
        rows.seekToFirst();
      }
      return;
    }
    MemorySegment start = MemorySegment.ofArray(range.start());
    if (range.reverse()) {
      rows.seekForPrev(start);
    } else {
      rows.seek(start);
    }
    if (!range.startInclusive() && rows.isValid() && Keys.compare(rows.key(), start) == 0) {
      if (range.reverse()) {
        rows.prev();
      } else {
        rows.next();
      }
    }
  }

  private static boolean isInside(MemorySegment key, MemorySegment end, boolean reverse) {
    if (end == null) {
      return true;
    }
    int order = Keys.compare(key, end);
    return reverse ? order >= 0 : order < 0;
  }

  private static GetReply searchAll(
      List<DmShard> shards, KeyCandidates wanted, long sequence, Lookup lookup) {
    LookupKey key = LookupKey.of(MemorySegment.ofArray(wanted.key()));
    for (int position : wanted.newestFirst()) {
      DmShard shard = shards.get(position);
      if (shard.reader().get(key, sequence, lookup)) {
        return found(shard, lookup);
      }
    }
    return GetReply.ABSENT;
  }

  private static GetReply found(DmShard shard, Lookup lookup) {
    ValuePart value =
        lookup.state() == Lookup.State.FOUND
            ? part(List.of(shard), lookup.value())
            : ValuePart.NONE;
    return new GetReply(lookup.state(), lookup.sequence(), value);
  }

  private static ValuePart part(List<DmShard> shards, MemorySegment value) {
    if (value.byteSize() < Protocol.LARGE_VALUE_BYTES) {
      return ValuePart.inline(value);
    }
    for (DmShard shard : shards) {
      long offset = value.address() - shard.image().address();
      if (value.isNative()
          && offset >= 0
          && offset <= shard.image().byteSize() - value.byteSize()) {
        return ValuePart.large(
            new LargeValue(
                shard.remote().handle(),
                offset,
                Math.toIntExact(value.byteSize()),
                Checksums.crc32c(value)));
      }
    }
    throw new DwarfException(
        DwarfException.Kind.INTERNAL, "a large value lies outside the images it was found in");
  }
}
