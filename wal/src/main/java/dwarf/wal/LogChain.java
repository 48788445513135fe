package dwarf.wal;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which segments make up the log, and up to where each is valid. Only the newest segment knows: its
 * header names the one before it and the valid length, and so on back to the oldest that is left.
 * What the chain passes over is void: bytes behind a valid length, and segments between two links,
 * which an earlier recovery has replaced.
 */
final class LogChain implements AutoCloseable {

  /**
   * One segment of the log.
   *
   * @param header null if it is damaged and the mode goes on all the same
   * @param limit the valid length; more than the file's size if the file lost its end
   * @param isBehindGap whether segments with records that are needed are missing before it
   */
  record Part(SegmentReader reader, SegmentHeader header, long limit, boolean isBehindGap) {
    long number() {
      return reader.number();
    }
  }

  private final LogSource source;
  private final RecoveryOptions options;
  private final NavigableMap<Long, SegmentReader> readers = new TreeMap<>();
  private final Deque<Part> parts = new ArrayDeque<>();
  private final List<DroppedRange> dropped = new ArrayList<>();

  private LogChain(LogSource source, RecoveryOptions options) {
    this.source = source;
    this.options = options;
  }

  static LogChain open(LogSource source, RecoveryOptions options, ReadBuffer buffer)
      throws IOException {
    LogChain chain = new LogChain(source, options);
    try {
      for (long number : source.files().numbers()) {
        chain.readers.put(
            number,
            new SegmentReader(source.files(), source.identity().database(), number, buffer));
      }
      chain.resolve();
      return chain;
    } catch (IOException | RuntimeException e) {
      try {
        chain.close();
      } catch (IOException close) {
        e.addSuppressed(close);
      }
      throw e;
    }
  }

  /** The segments of the log, oldest first. */
  List<Part> parts() {
    return List.copyOf(parts);
  }

  List<DroppedRange> dropped() {
    return dropped;
  }

  /** The highest number in the directory; 0 if there is no segment. */
  long highestNumber() {
    return readers.isEmpty() ? 0 : readers.lastKey();
  }

  /** All numbers in the directory, ascending. */
  Set<Long> numbers() {
    return Collections.unmodifiableSet(readers.keySet());
  }

  @Override
  public void close() throws IOException {
    IOException failed = null;
    for (SegmentReader reader : readers.values()) {
      try {
        reader.close();
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private void resolve() throws IOException {
    if (readers.isEmpty()) {
      if (source.mustExist() && !options.mode().isLossy()) {
        throw DwarfException.corruption(
            "the log directory "
                + source.directory()
                + " holds no segment, but this database had"
                + " a log: it is lost. Restore it, or reopen with WAL recovery mode "
                + RecoveryMode.POINT_IN_TIME_RECOVERY
                + " to go on with what had been flushed");
      }
      return;
    }
    SegmentReader reader = readers.lastEntry().getValue();
    long limit = reader.size();
    while (reader != null) {
      SegmentHeader header = header(reader);
      if (parts.isEmpty() && header != null) {
        checkFlushed(reader, header);
      }
      long before = header == null ? reader.number() - 1 : header.previous().number();
      SegmentReader previous = readers.get(before);
      boolean isGap = previous == null && header != null && isMissed(header, reader);
      if (isGap) {
        previous = below(before);
      }
      parts.addFirst(new Part(reader, header, limit, isGap));
      if (previous != null) {
        limit = header == null || isGap ? previous.size() : header.previous().length();
      }
      reader = previous;
    }
  }

  private SegmentReader below(long number) {
    Map.Entry<Long, SegmentReader> lower = readers.lowerEntry(number);
    return lower == null ? null : lower.getValue();
  }

  /** Refuses an SST tier that has less than it had when the newest segment began. */
  private void checkFlushed(SegmentReader newest, SegmentHeader header) {
    header
        .families()
        .forEach(
            (family, state) -> {
              long flushed = options.flushedThrough().getOrDefault(family, Long.MAX_VALUE);
              if (flushed < state.flushedThrough() && !options.mode().isLossy()) {
                throw DwarfException.corruption(
                    "column family "
                        + family
                        + " is flushed through sequence "
                        + flushed
                        + " in its SST files, but log segment "
                        + newest.path()
                        + " says that it was flushed through "
                        + state.flushedThrough()
                        + ": SST files have been lost or replaced by older ones. Restore them, or"
                        + " reopen with WAL recovery mode "
                        + RecoveryMode.POINT_IN_TIME_RECOVERY
                        + " to replay what the log still has");
              }
            });
  }

  private SegmentHeader header(SegmentReader reader) throws IOException {
    SegmentHeader header;
    try {
      header = reader.header();
    } catch (DwarfException e) {
      if (e.kind() != DwarfException.Kind.CORRUPTION) {
        throw e;
      }
      if (options.mode().isLossy()) {
        return null;
      }
      throw DwarfException.corruption(
          e.getMessage()
              + ". A segment gets its name only when its header is durable, so this is"
              + " damage, not a crash. Restore the file, or reopen with WAL recovery mode "
              + RecoveryMode.POINT_IN_TIME_RECOVERY
              + " to recover what lies before this segment");
    }
    checkIdentity(reader, header);
    return header;
  }

  private void checkIdentity(SegmentReader reader, SegmentHeader header) {
    LogIdentity found = header.identity();
    LogIdentity wanted = source.identity();
    if (!found.database().equals(wanted.database())
        || found.incarnation() != wanted.incarnation()) {
      throw DwarfException.corruption(
          "log segment "
              + reader.path()
              + " belongs to database "
              + found.database()
              + ", incarnation "
              + found.incarnation()
              + ", not to "
              + wanted.database()
              + ", incarnation "
              + wanted.incarnation()
              + ": move it away");
    }
    if (header.number() != reader.number() || header.previous().number() >= header.number()) {
      throw DwarfException.corruption(
          "log segment "
              + reader.path()
              + " says that it is number "
              + header.number()
              + " behind "
              + header.previous().number()
              + ": it has been renamed; restore its name");
    }
    if (found.epoch() > wanted.epoch()) {
      throw DwarfException.corruption(
          "log segment "
              + reader.path()
              + " is of epoch "
              + found.epoch()
              + ", but this owner has only epoch "
              + wanted.epoch());
    }
  }

  /**
   * Whether records are neither in the segments that are left, of which this is the oldest, nor
   * flushed.
   */
  private boolean isMissed(SegmentHeader header, SegmentReader oldest) {
    for (Map.Entry<Integer, SegmentHeader.FamilyState> family : header.families().entrySet()) {
      long flushed = options.flushedThrough().getOrDefault(family.getKey(), Long.MAX_VALUE);
      long logged = family.getValue().loggedThrough();
      if (flushed < logged) {
        missed(
            header,
            oldest,
            "column family "
                + family.getKey()
                + " was flushed through sequence "
                + flushed
                + ", and had records up to "
                + logged
                + " in segments before this one, which"
                + " are gone");
        return true;
      }
    }
    return false;
  }

  private void missed(SegmentHeader header, SegmentReader oldest, String reason) {
    if (options.mode() != RecoveryMode.SKIP_ANY_CORRUPTED_RECORDS) {
      throw DwarfException.corruption(
          "log segment "
              + oldest.path()
              + ", offset 0: "
              + reason
              + ". Restore them (or the SST files), or reopen with WAL recovery mode "
              + RecoveryMode.SKIP_ANY_CORRUPTED_RECORDS
              + " to go on without");
    }
    dropped.add(new DroppedRange(oldest.path(), 0, header.previousSequence(), reason));
  }
}
