package dwarf.wal;

import dwarf.wal.io.DiskFile;
import dwarf.wal.io.MappedRange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a segment's file has behind its frames: space set aside on the storage, and a window in
 * memory through which short frames get there without a system call.
 *
 * <p>S1. Bytes in the window are the file's, for every process of this host, as if they had been
 * written by a call: they survive this process, not a loss of power. S2. The window lies within the
 * space set aside. Zeros behind the last frame are no damage. S3. It costs a few calls for every
 * {@link #WINDOW_BYTES}, the file system's work for each single page, and each sync makes the next
 * store to a page a fault; so long pieces, and what closely follows a sync, are written by a call,
 * which may pass over the window. S4. It is an advantage and no need: where the storage cannot do
 * it (safely), all goes by calls.
 *
 * <p>Threading: the segment's writer.
 */
final class SegmentSpace {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentSpace.class);

  /** A sync of fewer bytes than this is a small one. */
  private static final long SMALL_SYNC_BYTES = 64 << 10;

  /** How much longer than its frames the file is made at a time. */
  private static final long AHEAD_BYTES = 256 << 10;

  /** What any process may lock in memory. */
  private static final long WINDOW_BYTES = 64 << 10;

  /** For longer ones the pages of a window cost more than a call does. */
  private static final long LONGEST_IN_WINDOW = 2 << 10;

  /** A log of frames up to this length keeps a window for the shorter of them. */
  private static final long LONGEST_WITH_WINDOW = 16 << 10;

  private final DiskFile file;
  private final Path name;

  /** The length at the last sync that expected more; 0: there was none. */
  private long syncedLength;

  /** Up to here the file has been made longer than its frames. */
  private long extendedLength;

  private boolean cannotExtend;

  /** Null: there is none now. */
  private MappedRange window;

  private boolean cannotMap;

  SegmentSpace(DiskFile file, Path name) {
    this.file = file;
    this.name = name;
  }

  /**
   * To be called before a sync by a writer who goes on. When small syncs follow each other, zeros
   * go ahead of the frames: a sync of what lies within the file has no new length to make durable,
   * and takes two thirds of the time or less.
   */
  void expectMoreSyncs(long length) {
    boolean often = syncedLength > 0 && length - syncedLength < SMALL_SYNC_BYTES;
    syncedLength = length;
    if (often) {
      extend(length, SMALL_SYNC_BYTES, AHEAD_BYTES);
    }
  }

  /**
   * Has the storage set space aside for frames to come, when there is less than {@code least} of
   * it.
   *
   * @return how many bytes of frames it has set aside; 0 if it cannot tell
   */
  long reserve(long length, long least, long wanted) {
    extend(length, least, wanted);
    return Math.max(0, extendedLength - length);
  }

  private void extend(long length, long least, long wanted) {
    if (cannotExtend || extendedLength - length >= least) {
      return;
    }
    try {
      file.extend(length + wanted);
      extendedLength = length + wanted;
    } catch (IOException e) {
      cannotExtend = true;
      LOG.info("log segment {} is not extended ahead: {}", name, e.getMessage());
    }
  }

  /** Writes what follows the frames, by memory or by a call. */
  void write(MemorySegment source, long length) throws IOException {
    if (isForWindow(source.byteSize(), length)) {
      window.write(source, length);
    } else {
      file.write(source, length);
    }
  }

  /** Whether short frames are written by memory at present. */
  boolean isInMemory() {
    return window != null;
  }

  private boolean isForWindow(long bytes, long length) throws IOException {
    boolean justSynced = syncedLength > 0 && length - syncedLength < SMALL_SYNC_BYTES;
    if (cannotMap || bytes > LONGEST_WITH_WINDOW || justSynced) {
      return false;
    }
    boolean isShort = bytes <= LONGEST_IN_WINDOW;
    boolean fits = window != null && (!isShort || length + bytes <= window.end());
    return (fits || moveWindow(length)) && isShort;
  }

  private boolean moveWindow(long length) throws IOException {
    closeWindow();
    extend(length, WINDOW_BYTES, AHEAD_BYTES);
    if (extendedLength - length < WINDOW_BYTES) {
      return false;
    }
    try {
      window = file.map(length, WINDOW_BYTES);
      return true;
    } catch (IOException e) {
      cannotMap = true;
      LOG.debug("log segment {} is written by calls: {}", name, e.getMessage());
      return false;
    }
  }

  /** Gives back what is set aside behind the frames. */
  void cut(long length) throws IOException {
    closeWindow();
    file.truncate(length);
    extendedLength = 0;
  }

  /** As {@link #cut}, if anything is set aside. */
  void end(long length) throws IOException {
    closeWindow();
    if (extendedLength > length) {
      cut(length);
    }
  }

  void closeWindow() throws IOException {
    MappedRange old = window;
    if (old != null) {
      window = null;
      old.close();
    }
  }
}
