package dwarf.wal;

import dwarf.base.DwarfException;
import dwarf.wal.owner.Ownership;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the log back after a stop of any kind.
 *
 * <ol>
 *   <li>Find the segments that make up the log ({@link LogChain}).
 *   <li>Verify every frame, decide by the {@link RecoveryMode} what to accept ({@link LogScan}).
 *   <li>Replay: give every batch to the consumer, and write those that nothing proves durable anew
 *       into a fresh segment ({@link LogReplay}). It gets its name only once it is whole and
 *       synced, and its header cuts the old segments where the copies begin.
 *   <li>Tell the owner's record that the log is whole, remove what the cut made void.
 * </ol>
 *
 * <p>Why write anew what has just been read? After a failed sync the page cache may hold what the
 * disk does not, so reading something back does not prove it durable, and a second sync that
 * succeeds does not either.
 *
 * <p>A stop at any point leaves either the old log or the new one: the name of the fresh segment
 * decides. So recovery can be killed and repeated any number of times.
 */
public final class WalRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(WalRecovery.class);

  private WalRecovery() {}

  /**
   * Replays the log of a claimed database into the consumer and returns a writer for what comes
   * next, positioned behind it; everything replayed is durable then. Once per ownership, before
   * anything is served.
   *
   * <p>CORRUPTION names file, offset and the mode that would go on; nothing has been changed then.
   */
  public static RecoveredLog recover(
      Ownership ownership, RecoveryOptions options, BatchConsumer consumer) {
    ownership.check();
    LogIdentity identity =
        new LogIdentity(ownership.database(), ownership.incarnation(), ownership.epoch());
    LogSource source =
        new LogSource(
            ownership.disk(),
            ownership.walDirectory(),
            identity,
            ownership.hadLog(),
            ownership.previousDurableThrough(),
            ownership.mayHaveLostPower());
    RecoveredLog log = recover(source, options, consumer);
    try {
      ownership.logRecovered();
    } catch (RuntimeException e) {
      closeAfter(e, log.writer());
      throw e;
    }
    return log;
  }

  /** Recovery of one directory, without an owner; the previous method's core. */
  static RecoveredLog recover(LogSource source, RecoveryOptions options, BatchConsumer consumer) {
    LogFiles files = source.files();
    try (ReadBuffer buffer = new ReadBuffer()) {
      files.sweepUnfinished();
      try (LogChain chain = LogChain.open(source, options, buffer)) {
        LogScan.Result scan = LogScan.run(chain.parts(), source, options.mode());
        RecoveredLog log = new LogReplay(source, options, chain, scan).run(consumer);
        report(source, log.report());
        return log;
      }
    } catch (IOException e) {
      throw LogFiles.failed("recovery of the log in " + source.directory(), e);
    }
  }

  private static void report(LogSource source, RecoveryReport report) {
    LOG.info(
        "log {}: {} frames through sequence {}, {} of them written anew",
        source.directory(),
        report.frames(),
        report.lastSequence(),
        report.reloggedFrames());
    for (DroppedRange range : report.dropped()) {
      LOG.warn(
          "log segment {}, offset {}: dropped what follows sequence {}: {}",
          range.file(),
          range.offset(),
          range.afterSequence(),
          range.reason());
    }
  }

  private static void closeAfter(RuntimeException cause, WalWriter writer) {
    try {
      writer.close();
    } catch (DwarfException e) {
      cause.addSuppressed(e);
    }
  }
}
