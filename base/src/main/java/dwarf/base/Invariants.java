package dwarf.base;

/** Always-on checks of what only a bug can break. */
public final class Invariants {

  private Invariants() {}

  /** Throws an INTERNAL error naming the broken invariant unless it holds. */
  public static void check(boolean holds, String invariant) {
    if (!holds) {
      throw new DwarfException(
          DwarfException.Kind.INTERNAL, "invariant broken, please report: " + invariant);
    }
  }
}
