package dwarf.memtable;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import dwarf.base.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a reader at one sequence number sees: the newest visible version of each user key, from a
 * cursor over all versions.
 *
 * <p>A shown record is either under the inner cursor (V1: the inner cursor stands on it) or kept
 * aside as a copy (V2: the inner cursor stands on the last record of an earlier user key, or has
 * left the data). Walking backward meets the oldest version first, so the newest visible one is
 * known only after stepping past it: that is when records are kept aside. Values too long to copy
 * are found again by a search instead. More than {@link #MAX_STEPS} versions of one key in a row
 * are skipped by a search as well.
 *
 * <p>Owns the inner cursor. One thread at a time.
 */
public final class VisibleCursor implements Cursor {

  /** Versions of one key that are stepped over before a search is tried. */
  static final int MAX_STEPS = 8;

  /** Longest value that is kept aside while walking backward. */
  static final int MAX_COPY_BYTES = 64 << 10;

  private final Cursor inner;

  /** The inner cursor, if it knows by itself where the next key begins; or null. */
  private final MemTableCursor records;

  private final long sequence;
  private final boolean keepDeletions;
  private final Buffer key = new Buffer();
  private final Buffer value = new Buffer();
  private boolean valid;
  private boolean aside;
  private long asideSequence;
  private RecordType asideType = RecordType.DELETE;

  /**
   * @param merged all versions, in internal order
   * @param sequence versions above it are invisible
   * @param keepDeletions whether a key whose newest visible version is a deletion is shown (as that
   *     deletion) or left out
   */
  public VisibleCursor(Cursor merged, long sequence, boolean keepDeletions) {
    this.inner = merged;
    this.records = merged instanceof MemTableCursor single ? single : null;
    this.sequence = sequence;
    this.keepDeletions = keepDeletions;
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public void seekToFirst() {
    reset();
    inner.seekToFirst();
    showForward();
  }

  @Override
  public void seekToLast() {
    reset();
    inner.seekToLast();
    showBackward();
  }

  @Override
  public void seek(MemorySegment target) {
    reset();
    inner.seek(target);
    showForward();
  }

  @Override
  public void seekForPrev(MemorySegment target) {
    reset();
    inner.seekForPrev(target);
    showBackward();
  }

  @Override
  public void next() {
    requireValid();
    boolean wasAside = aside;
    reset();
    if (wasAside) {
      inner.seek(key.followedByZero());
    } else {
      leaveKeyForward();
    }
    showForward();
  }

  @Override
  public void prev() {
    requireValid();
    boolean wasAside = aside;
    reset();
    if (!wasAside) {
      key.set(inner.key());
      leaveKeyBackward();
    }
    showBackward();
  }

  @Override
  public MemorySegment key() {
    requireValid();
    return aside ? key.segment() : inner.key();
  }

  @Override
  public long sequence() {
    requireValid();
    return aside ? asideSequence : inner.sequence();
  }

  @Override
  public RecordType type() {
    requireValid();
    return aside ? asideType : inner.type();
  }

  @Override
  public MemorySegment value() {
    requireValid();
    return aside ? value.segment() : inner.value();
  }

  @Override
  public void close() {
    valid = false;
    inner.close();
  }

  private void requireValid() {
    Invariants.check(valid, "a cursor is read and moved only while it is valid (C2)");
  }

  private void reset() {
    valid = false;
    aside = false;
  }

  /** From the newest version of some key, not yet judged, to the next record to show. */
  private void showForward() {
    int steps = 0;
    while (inner.isValid()) {
      if (inner.sequence() > sequence) {
        steps = skipInvisible(steps);
      } else if (isHidden(inner.type())) {
        leaveKeyForward();
        steps = 0;
      } else {
        valid = true;
        return;
      }
    }
  }

  /** Past one version that is too new, or past all of them if there are many. */
  private int skipInvisible(int steps) {
    if (steps == 0 || !KeyBytes.same(inner.key(), key.segment())) {
      key.set(inner.key());
      inner.next();
      return 1;
    }
    if (steps < MAX_STEPS) {
      inner.next();
      return steps + 1;
    }
    VersionedCursor.seekVersion(inner, key.segment(), sequence);
    return 0;
  }

  /** From any version of a key to the newest version of the next key. */
  private void leaveKeyForward() {
    if (records != null) {
      records.nextKey();
      return;
    }
    key.set(inner.key());
    for (int steps = 0; steps < MAX_STEPS; steps++) {
      inner.next();
      if (!isInnerOnKey()) {
        return;
      }
    }
    inner.seek(key.followedByZero());
  }

  /** From any version of {@link #key} to the oldest version of the key before it. */
  private void leaveKeyBackward() {
    for (int steps = 0; steps < MAX_STEPS; steps++) {
      inner.prev();
      if (!isInnerOnKey()) {
        return;
      }
    }
    inner.seek(key.segment());
    inner.prev();
  }

  /** From the oldest version of some key, not yet judged, back to the next record to show. */
  private void showBackward() {
    while (inner.isValid() && !showNewestVisible()) {
      aside = false;
    }
  }

  /** Judges the key under the inner cursor; if it is not shown, leaves it backward. */
  private boolean showNewestVisible() {
    key.set(inner.key());
    int steps = 0;
    while (isInnerOnKey() && inner.sequence() <= sequence && steps <= MAX_STEPS) {
      keepAside();
      inner.prev();
      steps++;
    }
    if (steps == 0) {
      leaveKeyBackward();
      return false;
    }
    boolean many = steps > MAX_STEPS;
    if (!many && isInnerOnKey()) {
      leaveKeyBackward();
    }
    if (!many && isHidden(asideType)) {
      return false;
    }
    if (many || !aside) {
      aside = false;
      VersionedCursor.seekVersion(inner, key.segment(), many ? sequence : asideSequence);
      if (isHidden(inner.type())) {
        leaveKeyBackward();
        return false;
      }
    }
    valid = true;
    return true;
  }

  private void keepAside() {
    asideSequence = inner.sequence();
    asideType = inner.type();
    MemorySegment bytes = inner.value();
    aside = bytes.byteSize() <= MAX_COPY_BYTES;
    if (aside) {
      value.set(bytes);
    }
  }

  private boolean isInnerOnKey() {
    return inner.isValid() && KeyBytes.same(inner.key(), key.segment());
  }

  private boolean isHidden(RecordType type) {
    if (!type.isSupported()) {
      throw DwarfException.notSupported(
          "a scan met a record of type " + type + ", which this version cannot read");
    }
    return type.isDeletion() && !keepDeletions;
  }

  /** A byte string that grows and is used again. */
  private static final class Buffer {
    private MemorySegment bytes = MemorySegment.NULL;
    private MemorySegment segment = MemorySegment.NULL;

    void set(MemorySegment source) {
      long length = source.byteSize();
      if (length >= bytes.byteSize()) {
        bytes = MemorySegment.ofArray(new byte[Math.toIntExact(Math.max(64, 2 * length))]);
        segment = bytes.asSlice(0, length);
      }
      MemorySegment.copy(source, 0, bytes, 0, length);
      if (segment.byteSize() != length) {
        segment = bytes.asSlice(0, length);
      }
    }

    MemorySegment segment() {
      return segment;
    }

    /** The smallest key above this one. */
    MemorySegment followedByZero() {
      long length = segment.byteSize();
      bytes.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
      return bytes.asSlice(0, length + 1);
    }
  }
}
