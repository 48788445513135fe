package dwarf.fabric.spi;

import dwarf.fabric.Access;

/**
 * What a transport has told its peers about a grant, so that they can use it without asking: a slot
 * of a shared table, a registration with hardware.
 */
public interface Publication {

  /** Nothing was told; peers ask for every access. */
  Publication NONE = () -> {};

  /** Takes it back. When this returns, no access by it that begins later succeeds. */
  void withdraw();

  /** Makes publications of one region's grants. */
  @FunctionalInterface
  interface Publisher {
    Publication publish(long offset, long length, Access access);
  }
}
