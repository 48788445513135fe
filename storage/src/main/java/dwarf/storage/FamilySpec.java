package dwarf.storage;

/**
 * A column family to open, by name.
 *
 * @param name not to be modified
 */
@SuppressWarnings("ArrayRecordComponent")
public record FamilySpec(byte[] name, FamilyOptions options) {}
