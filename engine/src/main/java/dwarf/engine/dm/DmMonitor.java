package dwarf.engine.dm;

import dwarf.base.Cursor;
import dwarf.base.DwarfException;
import dwarf.engine.commit.BackgroundLoop;
import dwarf.engine.commit.Progress;
import dwarf.engine.view.DmShard;
import dwarf.engine.view.DmSource;
import dwarf.engine.view.Views;
import dwarf.memtable.ShardReader;
import dwarf.protocol.ShardHandle;
import dwarf.protocol.ShardInventory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lease on the memory node alive and notices what the node no longer has.
 *
 * <p>D1. The lease is renewed every {@code interval}, and at once when a read is suspicious. D2. A
 * node with a new incarnation, or whose inventory lacks a memtable, has lost it: the rebuilder gets
 * it. D3. A node that has been silent for {@code grace} is treated as if it had lost everything, so
 * that reads need not wait for it; if it comes back with the data, that data is freed. D4. A newer
 * epoch ends this owner. D5. A memtable of which a read said that it is damaged is read whole; only
 * what proves damaged is given up.
 */
public final class DmMonitor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DmMonitor.class);

  private final DmNode node;
  private final Views views;
  private final Rebuilder rebuilder;
  private final Timing timing;
  private final Progress suspicions = new Progress();
  private final Set<DmSource> suspects = ConcurrentHashMap.newKeySet();
  private final Progress progress;
  private final BackgroundLoop loop;
  private UUID attached;
  private long silentSince;
  private boolean silent;

  /** How often to renew, and how long a silent node keeps its memtables. */
  public record Timing(Duration interval, Duration grace) {}

  public DmMonitor(DmNode node, Views views, Rebuilder rebuilder, Signals signals, Timing timing) {
    this.node = node;
    this.views = views;
    this.rebuilder = rebuilder;
    this.progress = signals.progress();
    this.timing = timing;
    this.loop = new BackgroundLoop("dm-monitor", signals.health(), this::round);
    node.onSuspicion(this::suspect);
  }

  public void start() {
    attached = node.isUsable() ? node.session().incarnation() : null;
    loop.start();
  }

  private void suspect(DmSource source, DwarfException why) {
    if (why.kind() == DwarfException.Kind.CORRUPTION) {
      suspects.add(source);
    }
    suspicions.signal();
  }

  private void round() throws InterruptedException {
    long seen = suspicions.events();
    beat();
    suspects.removeIf(this::isDecided);
    suspicions.await(seen, pause());
  }

  /** Whether it is known by now if the memtable is damaged; then the rebuilder knows it too. */
  private boolean isDecided(DmSource source) {
    if (source.isLost()) {
      return true;
    }
    try {
      readWhole(source);
      return true;
    } catch (DwarfException e) {
      switch (e.kind()) {
        case FENCED -> throw e;
        case CORRUPTION -> {
          rebuilder.lost(source, e.getMessage());
          return true;
        }
        default -> {
          LOG.info("memtable {} cannot be checked yet: {}", source.id().number(), e.getMessage());
          return !views.dmSources().contains(source);
        }
      }
    }
  }

  private void readWhole(DmSource source) {
    try (Cursor cursor =
        ShardReader.cursorOver(source.shards().stream().map(this::readerOf).toList())) {
      cursor.seekToFirst();
      while (cursor.isValid()) {
        cursor.next();
      }
    }
  }

  private ShardReader readerOf(DmShard shard) {
    return new ShardReader(shard.index(), node.blocks(shard.remote(), nanos -> {}));
  }

  private long pause() {
    return silent
        ? Math.min(timing.interval().toNanos(), timing.grace().toNanos() / 4)
        : timing.interval().toNanos();
  }

  private void beat() {
    try {
      UUID incarnation = node.client().hello().incarnation();
      if (incarnation.equals(attached) && node.isUsable()) {
        node.client().renew(node.database(), node.epoch());
      } else {
        reattach(incarnation);
      }
      silent = false;
    } catch (DwarfException e) {
      switch (e.kind()) {
        case FENCED -> throw e;
        case STALE_HANDLE -> reattachAfterLostLease();
        default -> onSilence(e);
      }
    }
  }

  private void reattachAfterLostLease() {
    node.setUsable(false);
    suspicions.signal();
  }

  /** Attaches and compares what the node has with what the views name (D2). */
  private void reattach(UUID incarnation) {
    List<ShardInventory> inventory = node.attach();
    boolean sameNode = incarnation.equals(attached);
    attached = incarnation;
    Set<ShardHandle> present = new HashSet<>();
    if (sameNode) {
      inventory.forEach(shard -> present.add(shard.shard().handle()));
    }
    Set<ShardHandle> wanted = new HashSet<>();
    for (DmSource source : views.dmSources()) {
      List<ShardHandle> handles = source.shards().stream().map(s -> s.remote().handle()).toList();
      if (!source.isLost() && present.containsAll(handles)) {
        wanted.addAll(handles);
      } else {
        rebuilder.lost(source, "the memory node does not have it any more");
      }
    }
    List<ShardHandle> orphans =
        inventory.stream().map(s -> s.shard().handle()).filter(h -> !wanted.contains(h)).toList();
    node.free(node.session(), orphans);
    LOG.info("attached to the memory node, {} shards in use", wanted.size());
    progress.signal();
  }

  private void onSilence(DwarfException why) {
    if (!silent) {
      silent = true;
      silentSince = System.nanoTime();
      LOG.warn("memory node does not answer: {}", why.getMessage());
    }
    node.setUsable(false);
    if (System.nanoTime() - silentSince > timing.grace().toNanos()) {
      for (DmSource source : views.dmSources()) {
        rebuilder.lost(source, "the memory node has not answered for " + timing.grace());
      }
    }
    progress.signal();
  }

  @Override
  public void close() {
    loop.close();
  }
}
