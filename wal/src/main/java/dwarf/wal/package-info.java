/**
 * The write-ahead log: what makes an acknowledged write survive. {@link dwarf.wal.WalWriter}
 * appends commit groups to segment files, {@link dwarf.wal.WalRecovery} reads them back after any
 * crash and hands out a writer that goes on behind them, and {@link dwarf.wal.BatchCodec} is the
 * format of a write batch inside. Knows nothing of memtables, families' contents or RocksDB.
 *
 * <p>Reading order: {@link dwarf.wal.SegmentHeader}, {@link dwarf.wal.FrameHeader}, {@link
 * dwarf.wal.WalWriter}, {@link dwarf.wal.RecoveryMode}, {@link dwarf.wal.WalRecovery}.
 */
package dwarf.wal;
