package dwarf.evaluate.testbed;

import dwarf.base.DwarfException;

/**
 * Closes one thing after the other, whatever fails: a stuck mount must not keep processes or groups
 * alive. The first failure is thrown at the end, with the later ones suppressed in it.
 */
final class CloseAll {

  private DwarfException first;

  void close(AutoCloseable part) {
    try {
      part.close();
    } catch (DwarfException e) {
      note(e);
    } catch (Exception e) {
      note(new DwarfException(DwarfException.Kind.INTERNAL, "while closing: " + e, e));
    }
  }

  private void note(DwarfException problem) {
    if (first == null) {
      first = problem;
    } else {
      first.addSuppressed(problem);
    }
  }

  void throwFirst() {
    if (first != null) {
      throw first;
    }
  }
}
