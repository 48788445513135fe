package dwarf.fabric;

/** What the holder of a {@link RemoteKey} may do with the range it names. */
public enum Access {
  READ,
  READ_WRITE
}
