package dwarf.engine.commit;

/**
 * What the commit queue asks of the database: the four steps of a group, in this order. All but
 * {@link #apply} are called by one leader at a time.
 */
interface CommitStages {

  /**
   * Waits for admission and makes room in the memtables, or throws to refuse the whole group; a
   * single member is refused by setting its failure.
   */
  void admit(CommitGroup group);

  /** Assigns sequence numbers, appends to the WAL and syncs it if somebody asked. */
  void log(CommitGroup group);

  /** Puts one member's records into the memtables, side by side with others; cannot fail. */
  void apply(CommitRequest request);

  /** Makes the whole group visible. */
  void publish(CommitGroup group);
}
