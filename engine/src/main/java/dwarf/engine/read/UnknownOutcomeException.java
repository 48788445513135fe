package dwarf.engine.read;

import dwarf.base.DwarfException;

/**
 * A read of disaggregated memory ended without an answer. Checked, so that no caller can take it
 * for "absent" by accident.
 */
final class UnknownOutcomeException extends Exception {

  private static final long serialVersionUID = 1L;

  UnknownOutcomeException(DwarfException cause) {
    super(cause.getMessage(), cause);
  }

  DwarfException reason() {
    return (DwarfException) getCause();
  }
}
