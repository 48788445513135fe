package dwarf.base;

import java.lang.foreign.MemorySegment;

/**
 * The answer of one source to one point lookup; reusable, owned by one thread. ABSENT means "this
 * source knows nothing visible, ask the next older one"; FOUND and DELETED are final.
 */
public final class Lookup {

  /** How the search of one source ended. */
  public enum State {
    ABSENT,
    FOUND,
    DELETED
  }

  private State state = State.ABSENT;
  private MemorySegment value = MemorySegment.NULL;
  private long sequence;

  public void reset() {
    state = State.ABSENT;
    value = MemorySegment.NULL;
    sequence = 0;
  }

  /** Records the newest visible version; {@code type} must be one this version supports. */
  public void set(RecordType type, long sequenceOfVersion, MemorySegment valueOfVersion) {
    if (!type.isSupported()) {
      throw DwarfException.notSupported("records of type " + type + " cannot be read yet");
    }
    state = type.isDeletion() ? State.DELETED : State.FOUND;
    value = type.isDeletion() ? MemorySegment.NULL : valueOfVersion;
    sequence = sequenceOfVersion;
  }

  public State state() {
    return state;
  }

  public boolean isFinal() {
    return state != State.ABSENT;
  }

  /**
   * The value, as long as the source it came from is pinned; of one that reads into memory of its
   * own, until that reads again.
   */
  public MemorySegment value() {
    return value;
  }

  public long sequence() {
    return sequence;
  }
}
