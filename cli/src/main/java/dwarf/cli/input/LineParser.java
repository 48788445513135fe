package dwarf.cli.input;

/** What one format makes of a line; INVALID_ARGUMENT for a line without a record. */
interface LineParser {

  /** Takes the line that names the columns. */
  void header(byte[] line);

  InputRecord parse(byte[] line);

  /** Whether a quote is open at the end of {@code line}, so that the record goes on. */
  default boolean endsQuoted(byte[] line, boolean startsQuoted) {
    return false;
  }
}
