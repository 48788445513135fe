package dwarf.engine;

import dwarf.base.DwarfException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has been opened so far, closed in the opposite order, all of it, whatever fails. */
final class Resources implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() {
    DwarfException first = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        if (first == null) {
          first = new DwarfException(DwarfException.Kind.INTERNAL, "close failed: " + e, e);
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
