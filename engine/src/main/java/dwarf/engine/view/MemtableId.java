package dwarf.engine.view;

/** Which memtable: its family, its number (unique in the database), and where it starts. */
public record MemtableId(int family, long number, long firstSequence) {}
