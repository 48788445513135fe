package dwarf.jobs;

import dwarf.base.Limits;

/** The sequences above one and up to another. */
public record SequenceRange(long after, long through) {

  public static final SequenceRange ALL = new SequenceRange(-1, Limits.MAX_SEQUENCE);

  boolean holds(long sequence) {
    return sequence > after && sequence <= through;
  }
}
