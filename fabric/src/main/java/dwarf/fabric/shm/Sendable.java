package dwarf.fabric.shm;

/** Something on its way into a ring, record by record; pushed under the outbox's lock. */
interface Sendable {

  /** What came of a push. */
  enum Push {
    /** The last record is in the ring, or nothing is to be sent any more. */
    DONE,
    /** A record is in the ring, more are to follow. */
    MORE,
    /** The ring has no room for the next record. */
    FULL
  }

  Push push(RingProducer ring);
}
