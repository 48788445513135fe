package dwarf.wal;

/** The outcome of a recovery: what was found, and the writer that goes on behind it. */
public record RecoveredLog(RecoveryReport report, WalWriter writer) {}
