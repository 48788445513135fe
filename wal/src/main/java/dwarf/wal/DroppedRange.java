package dwarf.wal;

import java.nio.file.Path;

/**
 * Bytes of the log that recovery left out.
 *
 * @param file the segment in which they begin
 * @param offset the first of them
 * @param afterSequence everything up to this sequence was recovered before them
 * @param reason what is wrong there
 */
public record DroppedRange(Path file, long offset, long afterSequence, String reason) {}
