package dwarf.wal;

/** Where a frame lies: its segment's number and the offset of its first byte. */
public record WalPosition(long segment, long offset) {}
