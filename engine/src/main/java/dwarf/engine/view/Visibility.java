package dwarf.engine.view;

/** Which writes readers may see. */
@FunctionalInterface
public interface Visibility {

  /**
   * A sequence number at or above that of every write that has returned; everything up to it is
   * complete. May wait for other writers for a moment.
   */
  long latest();

  /**
   * Whether a read that met a record with that number has to return it: so it is if its write has
   * returned. Then this returns when everything before it is visible, too.
   */
  default boolean reach(long sequence) {
    return sequence <= latest();
  }
}
