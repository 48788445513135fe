package dwarf.wal;

import java.util.UUID;

/**
 * Whose log it is. The database's uuid salts every checksum; all three stand in each segment's
 * header.
 */
record LogIdentity(UUID database, long incarnation, long epoch) {}
