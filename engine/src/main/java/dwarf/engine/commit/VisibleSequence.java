package dwarf.engine.commit;

/**
 * The newest sequence readers may see: written by the commit leader, or by the writers of an open
 * {@link CommitLane} in turn; read by every reader.
 */
public final class VisibleSequence {

  private volatile long value;

  public long get() {
    return value;
  }

  void set(long sequence) {
    value = sequence;
  }
}
