package dwarf.fabric.spi;

import java.util.ArrayList;
import java.util.List;

/** The callbacks to run once when a connection ends. Thread-safe. */
public final class CloseHook {

  private List<Runnable> callbacks = new ArrayList<>(); // guarded by this; null once fired

  /** Registers the callback, or runs it at once if the end has come. */
  public void add(Runnable callback) {
    synchronized (this) {
      if (callbacks != null) {
        callbacks.add(callback);
        return;
      }
    }
    Handlers.guarded("onClose", callback);
  }

  public void fire() {
    List<Runnable> due;
    synchronized (this) {
      due = callbacks == null ? List.of() : callbacks;
      callbacks = null;
    }
    due.forEach(callback -> Handlers.guarded("onClose", callback));
  }
}
