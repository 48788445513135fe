package dwarf.wal;

import dwarf.base.DwarfException;
import dwarf.wal.LogChain.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The first pass of recovery: reads and verifies every frame, delivers none, and decides by the
 * mode what to accept. After it, nothing can be refused any more for what is in the log.
 *
 * <p>The decision at the first byte that is no valid next frame: does anything prove that a synced
 * frame is missing here (its durable-through, or the clean close)? Does anything valid follow? Only
 * if both answers are no is it a torn tail. With a loss of power between, the second may be yes.
 * Nothing but zeros up to the end of the last segment is the end of the log and no damage.
 */
final class LogScan {

  /** A run of frames without damage between them: bytes of one segment. */
  record Extent(Part part, long from, long to, boolean behindDamage) {
    long number() {
      return part.number();
    }
  }

  /**
   * @param durableThrough what is proven durable; at most {@code lastSequence}
   */
  record Result(
      List<Extent> extents,
      List<DroppedRange> dropped,
      long lastSequence,
      long highestSequence,
      long durableThrough) {}

  /** What lies behind a damaged place. */
  private record Evidence(boolean isAny, long durableThrough) {}

  private final List<Part> parts;
  private final LogSource source;
  private final RecoveryMode mode;
  private final List<Extent> extents = new ArrayList<>();
  private final List<DroppedRange> dropped = new ArrayList<>();

  private long lastSequence;
  private long highestSequence;
  private long durableThrough;
  private int lastFrameCrc;
  private boolean hasDamage;

  private LogScan(List<Part> parts, LogSource source, RecoveryMode mode) {
    this.parts = parts;
    this.source = source;
    this.mode = mode;
  }

  static Result run(List<Part> parts, LogSource source, RecoveryMode mode) throws IOException {
    LogScan scan = new LogScan(parts, source, mode);
    boolean goOn = true;
    for (int i = 0; i < parts.size() && goOn; i++) {
      goOn = scan.part(i);
    }
    if (goOn && !parts.isEmpty() && !scan.hasDamage) {
      scan.end();
    }
    return new Result(
        scan.extents,
        scan.dropped,
        scan.lastSequence,
        scan.highestSequence,
        Math.min(scan.provenThrough(0), scan.lastSequence));
  }

  /** Reads one segment; returns whether to go on with the next. */
  private boolean part(int index) throws IOException {
    Part part = parts.get(index);
    lastFrameCrc = 0;
    if (part.header() == null) {
      if (!damage(index, 0, "its header is damaged")) {
        return false;
      }
      return frames(index, resume(part, 0));
    }
    SegmentHeader header = part.header();
    hasDamage |= part.isBehindGap();
    durableThrough = header.durableThrough();
    if (index == 0) {
      lastSequence = header.previousSequence();
    } else if (header.previousSequence() != lastSequence && !hasDamage) {
      String problem =
          "it continues behind sequence "
              + header.previousSequence()
              + ", but the log before it ends at "
              + lastSequence;
      if (!damage(index, 0, problem)) {
        return false;
      }
    }
    highestSequence = Math.max(highestSequence, header.highestSequence());
    return frames(index, header.encodedBytes());
  }

  private boolean frames(int index, long start) throws IOException {
    Part part = parts.get(index);
    long end = Math.min(part.limit(), part.reader().size());
    long from = start;
    long at = start;
    while (at < end) {
      FrameHeader frame = part.reader().frameAt(at, end);
      String problem = problem(part, at, frame);
      if (problem == null) {
        take(frame);
        at += frame.frameBytes();
        continue;
      }
      if (frame == null && isZeroTail(index, at)) {
        break;
      }
      close(part, from, at);
      if (!damage(index, at, problem)) {
        return false;
      }
      at = resume(part, at + 1);
      from = at;
    }
    close(part, from, at);
    return finishPart(index, end);
  }

  /** Whether only what a writer put ahead of its frames is left of the log. */
  private boolean isZeroTail(int index, long at) throws IOException {
    return index == parts.size() - 1 && parts.get(index).reader().isZeroFrom(at);
  }

  private boolean finishPart(int index, long end) throws IOException {
    Part part = parts.get(index);
    if (end < part.limit()) {
      String problem =
          "the file ends here, but the segment behind it counts on " + part.limit() + " bytes";
      return damage(index, end, problem);
    }
    SegmentHeader next = index + 1 < parts.size() ? parts.get(index + 1).header() : null;
    if (next != null && !hasDamage && next.previous().lastFrameCrc() != lastFrameCrc) {
      return damage(index, end, "the segment behind it continues another one's last frame");
    }
    return true;
  }

  /** Whether something durable is missing although all that is there is whole. */
  private void end() {
    if (provenThrough(durableThrough) > lastSequence) {
      Part last = parts.get(parts.size() - 1);
      long at = Math.min(last.limit(), last.reader().size());
      decide(last, at, "the log ends here", new Evidence(false, durableThrough));
    }
  }

  private String problem(Part part, long at, FrameHeader frame) throws IOException {
    if (frame == null) {
      return "no valid frame begins here";
    }
    if (part.reader().payload(at, frame) == null) {
      return "the frame does not match its checksum";
    }
    boolean follows =
        hasDamage
            ? frame.previousSequence() >= lastSequence
            : frame.previousSequence() == lastSequence;
    if (!follows || frame.lastSequence() <= frame.previousSequence()) {
      return "the frame continues behind sequence "
          + frame.previousSequence()
          + ", but the log before it ends at "
          + lastSequence;
    }
    return null;
  }

  private void take(FrameHeader frame) {
    lastSequence = frame.lastSequence();
    lastFrameCrc = frame.crc();
    durableThrough = Math.max(durableThrough, frame.durableThrough());
    highestSequence = Math.max(highestSequence, lastSequence);
  }

  private void close(Part part, long from, long to) {
    if (to > from) {
      extents.add(new Extent(part, from, to, hasDamage));
    }
  }

  /** Returns whether to go on behind the damage; throws if the mode refuses it. */
  private boolean damage(int index, long at, String problem) throws IOException {
    Part part = parts.get(index);
    decide(part, at, problem, behind(index, at + 1));
    hasDamage = true;
    return mode == RecoveryMode.SKIP_ANY_CORRUPTED_RECORDS;
  }

  private void decide(Part part, long at, String problem, Evidence evidence) {
    boolean isProven = provenThrough(evidence.durableThrough) > lastSequence;
    boolean isAccepted =
        switch (mode) {
          case ABSOLUTE_CONSISTENCY -> false;
          case TOLERATE_CORRUPTED_TAIL_RECORDS -> !isProven && !evidence.isAny;
          case SAFE_POINT_IN_TIME -> !isProven && (!evidence.isAny || source.powerLost());
          case POINT_IN_TIME_RECOVERY, SKIP_ANY_CORRUPTED_RECORDS -> true;
        };
    String what =
        isProven
            ? "records up to sequence "
                + provenThrough(evidence.durableThrough)
                + " had been synced and are missing"
            : evidence.isAny ? "whole frames follow behind it" : "nothing valid follows";
    if (!isAccepted) {
      throw DwarfException.corruption(
          "log segment "
              + part.reader().path()
              + ", offset "
              + at
              + ": "
              + problem
              + "; "
              + what
              + ". Recovery mode "
              + mode
              + " refuses that; nothing has been changed. Restore the"
              + " file, or reopen with WAL recovery mode "
              + RecoveryMode.POINT_IN_TIME_RECOVERY
              + " to keep everything up to sequence "
              + lastSequence
              + ", or "
              + RecoveryMode.SKIP_ANY_CORRUPTED_RECORDS
              + " to keep also what is whole behind it");
    }
    dropped.add(new DroppedRange(part.reader().path(), at, lastSequence, problem + "; " + what));
  }

  private long provenThrough(long durable) {
    return Math.max(Math.max(durable, durableThrough), source.durableThrough());
  }

  private static long resume(Part part, long from) throws IOException {
    long end = Math.min(part.limit(), part.reader().size());
    long next = part.reader().nextFrame(from, end);
    return next < 0 ? end : next;
  }

  /** Looks at everything valid from that offset on, for what it proves about what is missing. */
  private Evidence behind(int index, long offset) throws IOException {
    boolean isAny = false;
    long durable = 0;
    long from = offset;
    for (int i = index; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (i > index && part.header() != null) {
        isAny = true;
        durable = Math.max(durable, part.header().durableThrough());
        highestSequence = Math.max(highestSequence, part.header().highestSequence());
      }
      long end = Math.min(part.limit(), part.reader().size());
      for (long at = part.reader().nextFrame(from, end); at >= 0; ) {
        FrameHeader frame = part.reader().frameAt(at, end);
        isAny = true;
        durable = Math.max(durable, frame.durableThrough());
        highestSequence = Math.max(highestSequence, frame.lastSequence());
        at = part.reader().nextFrame(at + frame.frameBytes(), end);
      }
      from = 0;
    }
    return new Evidence(isAny, durable);
  }
}
