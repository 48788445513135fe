package dwarf.wal.owner;

import dwarf.base.DwarfException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that renews a lease every third of it, until it is stopped or the owner fenced. */
final class LeaseKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  private final Ownership ownership;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private LeaseKeeper(Ownership ownership) {
    this.ownership = ownership;
  }

  static LeaseKeeper start(Ownership ownership) {
    LeaseKeeper keeper = new LeaseKeeper(ownership);
    Thread.ofPlatform().name("dwarf-lease-" + ownership.epoch()).daemon().start(keeper::run);
    return keeper;
  }

  void stop() {
    stopped.countDown();
  }

  private void run() {
    boolean isFenced = false;
    try {
      while (!isFenced && !stopped.await(ownership.leaseNanos() / 3, TimeUnit.NANOSECONDS)) {
        isFenced = !renew();
      }
    } catch (InterruptedException e) {
      LOG.warn("the lease keeper was interrupted; the owner renews its lease by itself", e);
    }
  }

  private boolean renew() {
    try {
      ownership.renew();
      return true;
    } catch (DwarfException e) {
      LOG.warn("lease not renewed: {}", e.getMessage());
      return e.kind() != DwarfException.Kind.FENCED;
    }
  }
}
