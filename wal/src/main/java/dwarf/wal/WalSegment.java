package dwarf.wal;

import java.nio.file.Path;

/**
 * A live segment of the log.
 *
 * @param bytes the valid length; the file may be longer
 * @param firstSequence no record in it has a smaller one
 * @param lastSequence that of its last record; {@code firstSequence - 1} if it has none
 */
public record WalSegment(
    long number, Path path, long bytes, long firstSequence, long lastSequence) {}
