package dwarf.wal;

import dwarf.base.DwarfException;
import dwarf.wal.LogChain.Part;
import dwarf.wal.LogScan.Extent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The second pass of recovery: delivers what the first one accepted, and from the <i>cut</i> on
 * writes it anew. The cut is the first frame that is not proven durable or that lies behind damage;
 * everything before it stays where it is, and the fresh segment continues there.
 */
final class LogReplay {

  private final LogSource source;
  private final LogFiles files;
  private final RecoveryOptions options;
  private final LogChain chain;
  private final LogScan.Result scan;
  private final StagingBuffer staging = new StagingBuffer();

  /** Segments that stay, with what each family has in them. */
  private final List<LiveSegment> kept = new ArrayList<>();

  private final FamilyMarks logged = new FamilyMarks();

  private SegmentHeader.Previous end = SegmentHeader.Previous.NONE;
  private FamilyMarks partFamilies = new FamilyMarks();
  private Part part;
  private long lastSequence;
  private SegmentWriter fresh;
  private long frames;
  private long relogged;

  LogReplay(LogSource source, RecoveryOptions options, LogChain chain, LogScan.Result scan) {
    this.source = source;
    this.files = source.files();
    this.options = options;
    this.chain = chain;
    this.scan = scan;
  }

  RecoveredLog run(BatchConsumer consumer) throws IOException {
    try {
      replay(consumer);
      if (fresh == null) {
        beginFresh();
      }
      fresh.publish();
      return new RecoveredLog(report(), handOver());
    } catch (IOException | RuntimeException e) {
      if (fresh != null) {
        fresh.abandon(e);
      }
      throw e;
    }
  }

  private void replay(BatchConsumer consumer) throws IOException {
    int next = 0;
    for (Part nextPart : chain.parts()) {
      if (fresh == null && nextPart.header() != null && isContinued(nextPart)) {
        enter(nextPart);
      }
      while (next < scan.extents().size()
          && scan.extents().get(next).number() == nextPart.number()) {
        replay(scan.extents().get(next++), consumer);
      }
    }
  }

  /** Whether the segment is an undamaged continuation of those before it. */
  private boolean isContinued(Part next) {
    if (next.isBehindGap()) {
      return false;
    }
    boolean isFirst = next.number() == chain.parts().get(0).number();
    boolean follows =
        next.header().previousSequence() == lastSequence && next.header().previous().equals(end);
    return isFirst || follows;
  }

  private void enter(Part next) {
    leave();
    part = next;
    SegmentHeader header = next.header();
    header.families().forEach((family, state) -> logged.raise(family, state.loggedThrough()));
    end = new SegmentHeader.Previous(header.number(), header.encodedBytes(), 0);
    lastSequence = header.previousSequence();
  }

  /** An empty last segment is passed over, so that opening again and again leaves no trail. */
  private void dropEmpty() {
    if (part != null && lastSequence == part.header().previousSequence()) {
      end = part.header().previous();
      part = null;
    }
  }

  private void leave() {
    if (part != null) {
      WalSegment segment =
          new WalSegment(
              part.reader().number(),
              part.reader().path(),
              end.length(),
              part.header().previousSequence() + 1,
              lastSequence);
      kept.add(new LiveSegment(segment, partFamilies.toMap()));
      partFamilies.toMap().forEach(logged::raise);
      partFamilies = new FamilyMarks();
      part = null;
    }
  }

  private void replay(Extent extent, BatchConsumer consumer) throws IOException {
    SegmentReader reader = extent.part().reader();
    for (long at = extent.from(); at < extent.to(); ) {
      FrameHeader header = reader.frameAt(at, extent.to());
      MemorySegment payload = header == null ? null : reader.payload(at, header);
      if (payload == null) {
        throw new IOException(
            reader.path() + ", offset " + at + ": reads differently than a moment ago");
      }
      List<WalBatch> batches = decode(reader, at, payload, header);
      for (WalBatch batch : batches) {
        consumer.accept(batch.firstSequence(), batch.count(), batch.bytes());
      }
      keep(extent, at, header, batches);
      at += header.frameBytes();
      frames++;
    }
  }

  private void keep(Extent extent, long at, FrameHeader header, List<WalBatch> batches)
      throws IOException {
    boolean isKept =
        fresh == null
            && part != null
            && extent.number() == part.number()
            && !extent.behindDamage()
            && header.lastSequence() <= scan.durableThrough();
    if (isKept) {
      batches.forEach(partFamilies::raise);
      end = new SegmentHeader.Previous(end.number(), at + header.frameBytes(), header.crc());
    } else {
      if (fresh == null) {
        beginFresh();
      }
      fresh.append(new WalFrame(batches), lastSequence, lastSequence, false);
      relogged++;
    }
    lastSequence = header.lastSequence();
  }

  /**
   * Begins the segment that continues at the cut. Its header may promise that all of it is durable:
   * it gets its name only after that has come true.
   */
  private void beginFresh() throws IOException {
    dropEmpty();
    leave();
    SortedMap<Integer, SegmentHeader.FamilyState> families = new TreeMap<>();
    logged
        .toMap()
        .forEach(
            (family, sequence) -> families.put(family, new SegmentHeader.FamilyState(sequence, 0)));
    options
        .flushedThrough()
        .forEach(
            (family, flushed) -> {
              SegmentHeader.FamilyState known = families.get(family);
              long through = known == null ? 0 : known.loggedThrough();
              families.put(family, new SegmentHeader.FamilyState(through, flushed));
            });
    SegmentHeader header =
        new SegmentHeader(
            source.identity(),
            chain.highestNumber() + 1,
            end,
            lastSequence,
            scan.lastSequence(),
            families);
    fresh = SegmentWriter.create(files, header, staging);
  }

  private WalWriter handOver() throws IOException {
    files.disk().syncDirectory(files.directory());
    for (long number : chain.numbers()) {
      if (kept.stream().noneMatch(segment -> segment.segment().number() == number)) {
        files.disk().delete(files.segment(number));
      }
    }
    return new WalWriter(
        new WalWriter.Start(source.identity(), files, kept, logged.toMap(), lastSequence),
        fresh,
        staging);
  }

  private RecoveryReport report() {
    List<DroppedRange> dropped = new ArrayList<>(chain.dropped());
    dropped.addAll(scan.dropped());
    Map<Integer, Long> flushed = new TreeMap<>();
    for (Part each : chain.parts()) {
      if (each.header() != null) {
        each.header()
            .families()
            .forEach((family, state) -> flushed.put(family, state.flushedThrough()));
      }
    }
    return new RecoveryReport(
        lastSequence, scan.highestSequence(), frames, relogged, dropped, flushed);
  }

  private static List<WalBatch> decode(
      SegmentReader reader, long at, MemorySegment payload, FrameHeader header) {
    try {
      return FramePayload.decode(payload, header);
    } catch (DwarfException e) {
      throw new DwarfException(
          e.kind(),
          "log segment " + reader.path() + ", frame at offset " + at + ": " + e.getMessage(),
          e);
    }
  }
}
