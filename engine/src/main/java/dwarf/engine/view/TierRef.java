package dwarf.engine.view;

import dwarf.storage.StoreSnapshot;
import java.util.concurrent.atomic.AtomicInteger;

/** A snapshot of the SST tier shared by the views between two installs; closed with the last. */
public final class TierRef {

  private final StoreSnapshot snapshot;
  private final AtomicInteger views = new AtomicInteger();

  public TierRef(StoreSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  public StoreSnapshot snapshot() {
    return snapshot;
  }

  void retain() {
    views.incrementAndGet();
  }

  void release() {
    if (views.decrementAndGet() == 0) {
      snapshot.close();
    }
  }
}
