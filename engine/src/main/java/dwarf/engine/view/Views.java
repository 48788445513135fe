package dwarf.engine.view;

import dwarf.base.DwarfException;
import dwarf.base.ReadGate;
import dwarf.storage.StoreSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Owns the current {@link ReadView} and every change of it.
 *
 * <p>W1. All changes happen under one lock, one at a time; readers never take it. W2. A replaced
 * view loses its base pin only after {@link ReadGate#synchronize()}, so a reader inside the gate
 * may use and pin whatever view it found. W3. A snapshot's sequence is read, its view pinned and
 * its registration made under the same lock under which a seal lists the snapshots: a seal either
 * sees the snapshot, or the snapshot's sequence is not below the sealed memtable's last.
 *
 * <p>Retired views are released on one reclaimer thread, which waits at the gate for many at once.
 */
public final class Views implements AutoCloseable {

  private final ReadGate gate = new ReadGate();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<PinnedView> snapshots = new ArrayList<>();
  private final LinkedBlockingQueue<Runnable> retired = new LinkedBlockingQueue<>();
  private final Visibility visibility;
  private final Thread reclaimer;
  private volatile ReadView current;

  /** For families to come; held beside the views. Guarded by the lock. */
  private TierRef newest;

  private volatile boolean closed;

  /** Set and read by the reclaimer alone: the last retired view has been released. */
  private boolean drained;

  public Views(StoreSnapshot tier, Visibility visibility) {
    this.visibility = visibility;
    newest = new TierRef(tier);
    newest.retain();
    current = new ReadView(Map.of());
    reclaimer = Thread.ofPlatform().name("dwarf-reclaimer").daemon().start(this::reclaim);
  }

  public ReadGate gate() {
    return gate;
  }

  /** The current view; use it inside the gate, or pin it with {@link #pinCurrent()}. */
  public ReadView current() {
    return current;
  }

  public Visibility visibility() {
    return visibility;
  }

  /** The current view, pinned, with a sequence that is consistent with it. */
  public PinnedView pinCurrent() {
    int token = gate.enter();
    try {
      while (true) {
        ReadView view = current;
        long sequence = visibility.latest();
        if (view == current) {
          view.pin();
          return new PinnedView(sequence, view);
        }
      }
    } finally {
      gate.exit(token);
    }
  }

  /** Pins the view that a registered snapshot reads through now. */
  public PinnedView pinFor(PinnedView snapshot) {
    int token = gate.enter();
    try {
      ReadView view = snapshot.view();
      view.pin();
      return new PinnedView(snapshot.sequence(), view);
    } finally {
      gate.exit(token);
    }
  }

  public void unpin(PinnedView pinned) {
    pinned.view().unpin();
  }

  /** Takes and registers a snapshot (W3). */
  public PinnedView takeSnapshot() {
    lock.lock();
    try {
      ReadView view = current;
      view.pin();
      PinnedView snapshot = new PinnedView(visibility.latest(), view);
      snapshots.add(snapshot);
      return snapshot;
    } finally {
      lock.unlock();
    }
  }

  /** Unregisters a snapshot; false if it was not registered (released twice). */
  public boolean releaseSnapshot(PinnedView snapshot) {
    lock.lock();
    try {
      if (!snapshots.remove(snapshot)) {
        return false;
      }
      retire(snapshot.view());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The sequences of all registered snapshots, ascending (W3). */
  public long[] snapshotSequences() {
    lock.lock();
    try {
      return snapshots.stream().mapToLong(PinnedView::sequence).sorted().distinct().toArray();
    } finally {
      lock.unlock();
    }
  }

  public void addFamily(int family, LogSource active) {
    change(view -> view.withFamily(new FamilyView(family, List.of(active), newest)));
  }

  public void dropFamily(int family) {
    List<MemtableSource> dropped = new ArrayList<>();
    change(
        view -> {
          dropped.addAll(view.family(family).newestFirst());
          return view.withoutFamily(family);
        });
    dropped.forEach(source -> retired.add(source::outlived));
  }

  /** Puts a new active memtable in front; the one before must be frozen. */
  public void rotate(int family, LogSource active) {
    change(view -> view.withFamily(view.family(family).withActive(active)));
  }

  /** Adds frozen memtables behind the active one: those found in DM at open. */
  public void attach(int family, List<? extends MemtableSource> newestFirst) {
    change(
        view -> {
          FamilyView before = view.family(family);
          List<MemtableSource> all = new ArrayList<>(before.newestFirst());
          all.addAll(newestFirst);
          return view.withFamily(new FamilyView(family, all, before.tier()));
        });
  }

  /** A memtable has moved: current view and snapshots read it in its new place from now on. */
  public boolean relocate(MemtableSource old, MemtableSource moved) {
    lock.lock();
    try {
      moved.retain();
      boolean inUse = false;
      if (names(current, old)) {
        replaceCurrent(replaced(current, old, moved));
        inUse = true;
      }
      for (PinnedView snapshot : snapshots) {
        ReadView before = snapshot.view();
        if (names(before, old)) {
          snapshot.moveTo(replaced(before, old, moved));
          retire(before);
          inUse = true;
        }
      }
      moved.release();
      retired.add(old::outlived);
      return inUse;
    } finally {
      lock.unlock();
    }
  }

  /**
   * An install: what is flushed leaves the view in the moment the SST snapshot with it arrives. A
   * snapshot at or after {@code through} moves on like the current view, since the files hold
   * nothing newer than it sees; an earlier one keeps its memtables and its older tier.
   *
   * @param tier taken after this install of the family and before the next
   */
  public void install(int family, long through, StoreSnapshot tier) {
    List<MemtableSource> flushed = new ArrayList<>();
    TierRef next = new TierRef(tier);
    lock.lock();
    try {
      checkOpen();
      FamilyView before = current.families().get(family);
      if (before != null) {
        before.newestFirst().stream()
            .filter(source -> source.lastSequence() <= through)
            .forEach(flushed::add);
      }
      next.retain();
      retired.add(newest::release);
      newest = next;
      replaceCurrent(current.installed(family, through, next));
      for (PinnedView snapshot : snapshots) {
        moveOn(snapshot, family, through);
      }
    } finally {
      lock.unlock();
    }
    flushed.forEach(source -> retired.add(source::outlived));
  }

  private void moveOn(PinnedView snapshot, int family, long through) {
    ReadView before = snapshot.view();
    FamilyView old = before.families().get(family);
    if (old == null) {
      return;
    }
    long sequence = snapshot.sequence();
    FamilyView after =
        sequence >= through ? old.flushed(through, sequence, newest) : old.seenAt(sequence);
    snapshot.moveTo(before.withFamily(after));
    retire(before);
  }

  /** Bytes of memtables that only snapshots still name. */
  public long snapshotBytes() {
    lock.lock();
    try {
      Set<MemtableSource> found = new HashSet<>();
      snapshots.forEach(snapshot -> found.addAll(sources(snapshot.view())));
      found.removeAll(sources(current));
      return found.stream().mapToLong(MemtableSource::dataBytes).sum();
    } finally {
      lock.unlock();
    }
  }

  private static Set<MemtableSource> sources(ReadView view) {
    Set<MemtableSource> all = new HashSet<>();
    view.families().values().forEach(family -> all.addAll(family.newestFirst()));
    return all;
  }

  /** Whether the current view names the source. */
  public boolean isCurrent(MemtableSource source) {
    return names(current, source);
  }

  /** Every source in DM that the current view or a snapshot names. */
  public List<DmSource> dmSources() {
    lock.lock();
    try {
      Set<MemtableSource> found = new LinkedHashSet<>(sources(current));
      snapshots.forEach(snapshot -> found.addAll(sources(snapshot.view())));
      return found.stream().filter(DmSource.class::isInstance).map(DmSource.class::cast).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Disaggregated memory that the memtables there take. */
  public long dmBytes() {
    return dmSources().stream().mapToLong(DmSource::imageBytes).sum();
  }

  /** Waits until the view is no more the one seen, at most so long; returns whether it changed. */
  public boolean awaitChange(ReadView seen, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (current == seen && !closed) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void change(UnaryOperator<ReadView> change) {
    lock.lock();
    try {
      checkOpen();
      replaceCurrent(change.apply(current));
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new DwarfException(DwarfException.Kind.CLOSED, "the database is closed");
    }
  }

  private void replaceCurrent(ReadView next) {
    ReadView before = current;
    current = next;
    retire(before);
    changed.signalAll();
  }

  private void retire(ReadView view) {
    retired.add(view::unpin);
  }

  private static boolean names(ReadView view, MemtableSource source) {
    FamilyView family = view.families().get(source.id().family());
    return family != null && family.newestFirst().contains(source);
  }

  private static ReadView replaced(ReadView view, MemtableSource old, MemtableSource moved) {
    return view.withFamily(view.family(old.id().family()).replacing(old, moved));
  }

  private void reclaim() {
    List<Runnable> batch = new ArrayList<>();
    while (!drained) {
      batch.clear();
      try {
        batch.add(retired.take());
      } catch (InterruptedException e) {
        throw new IllegalStateException("nothing interrupts the reclaimer", e);
      }
      retired.drainTo(batch);
      gate.synchronize();
      batch.forEach(Runnable::run);
    }
  }

  /** Releases every view; the caller has stopped all writers, readers and background work. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      for (PinnedView snapshot : snapshots) {
        retire(snapshot.view());
      }
      snapshots.clear();
      retire(current);
      retired.add(newest::release);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    retired.add(() -> drained = true);
    boolean interrupted = false;
    while (reclaimer.isAlive()) {
      try {
        reclaimer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
