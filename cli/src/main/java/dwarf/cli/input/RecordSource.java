package dwarf.cli.input;

/** Records in input order. One thread. */
public interface RecordSource extends AutoCloseable {

  /** The next record, or null at the end. Lines without one go to {@link BadLines}. */
  InputRecord next();

  /** How much of the input has been read, in the unit of {@link #total}. */
  long position();

  /** Bytes of the whole input, or -1 if that is not known (a pipe). */
  long total();

  @Override
  void close();
}
