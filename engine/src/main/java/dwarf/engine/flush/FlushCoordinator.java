package dwarf.engine.flush;

import dwarf.base.DwarfException;
import dwarf.engine.commit.BackgroundLoop;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Progress;
import dwarf.engine.dm.Signals;
import dwarf.engine.stats.Counter;
import dwarf.engine.view.MemtableSource;
import dwarf.engine.view.Views;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs flush jobs, one at a time: pick, cut into tasks, run each where it is cheapest, install.
 *
 * <p>F1. The memtables of a family are installed strictly in their order; there is one installer
 * thread, this one. F2. A job that fails leaves its memtables where they were and is tried again
 * with new attempt names after a pause; nothing that failed is ever ingested. F3. An install whose
 * outcome is unknown stops the database: only reopening can tell. F4. Every wait is bounded or ends
 * when the database closes. F5. A memory node that knows a newer epoch (FENCED) stops the database:
 * trying again cannot help.
 */
public final class FlushCoordinator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlushCoordinator.class);
  private static final long IDLE_NANOS = 200_000_000;
  private static final long RETRY_NANOS = 300_000_000;

  private final Views views;
  private final JobPicker picker;
  private final TaskRunner tasks;
  private final Installer installer;
  private final Signals signals;
  private final Stripes stripes;
  private final BooleanSupplier memoryShort;
  private final BooleanSupplier offloading;
  private final Duration patience;
  private final FlushPace pace;
  private final AtomicLong jobs = new AtomicLong();
  private final BackgroundLoop loop;

  /**
   * When to flush, and what to keep.
   *
   * @param waiting frozen memtables of one family that make a flush due
   * @param memoryShort whether any that wait are to be flushed now
   * @param offloading whether those in local memory are left to the offloader
   * @param snapshotBytes of memtables that may be kept for snapshots alone
   * @param patience how long somebody who waits for a flush sees it fail
   * @param fullBytes from which on a flush counts for how fast they are
   */
  public record Policy(
      int waiting,
      BooleanSupplier memoryShort,
      BooleanSupplier offloading,
      long snapshotBytes,
      Duration patience,
      long fullBytes) {}

  public FlushCoordinator(
      Views views, Policy policy, TaskRunner tasks, Installer installer, Signals signals) {
    this.views = views;
    this.picker = new JobPicker(policy.waiting(), views::isCurrent);
    this.memoryShort = policy.memoryShort();
    this.offloading = policy.offloading();
    this.patience = policy.patience();
    this.pace = new FlushPace(policy.fullBytes());
    this.stripes = new Stripes(views, policy.snapshotBytes(), jobs::incrementAndGet);
    this.tasks = tasks;
    this.installer = installer;
    this.signals = signals;
    this.loop = new BackgroundLoop("flush", signals.health(), this::round);
  }

  public void start() {
    loop.start();
  }

  /** How fast flushes are. */
  public FlushPace pace() {
    return pace;
  }

  /** Asks for everything of the family up to the sequence to be flushed soon. */
  public void request(int family, long throughSequence) {
    picker.request(family, throughSequence);
    signals.progress().signal();
  }

  /**
   * Waits until the family is flushed through the sequence; throws if the database failed, or if
   * flushing goes on failing for as long as a write may be stalled.
   */
  public void awaitFlushed(int family, long throughSequence) {
    Progress progress = signals.progress();
    Health health = signals.health();
    long start = System.nanoTime();
    long seen = progress.events();
    while (installer.hasFamily(family) && installer.flushedThrough(family) < throughSequence) {
      health.checkWritable();
      DwarfException trouble = health.flushTrouble();
      if (trouble != null && System.nanoTime() - start > patience.toNanos()) {
        throw new DwarfException(
            trouble.kind(),
            "the flush fails and is tried again in the background: " + trouble.getMessage(),
            trouble);
      }
      try {
        progress.await(seen, IDLE_NANOS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DwarfException(
            DwarfException.Kind.UNAVAILABLE, "interrupted; the flush goes on in the background", e);
      }
      seen = progress.events();
    }
  }

  private void round() throws InterruptedException {
    long seen = signals.progress().events();
    tasks.sweep();
    List<MemtableSource> next =
        picker.pick(views.current(), memoryShort.getAsBoolean(), offloading.getAsBoolean());
    if (next.isEmpty()) {
      signals.progress().await(seen, IDLE_NANOS);
    } else {
      flush(next);
    }
  }

  private void flush(List<MemtableSource> oldestFirst) throws InterruptedException {
    boolean done;
    try {
      FlushJob job = installer.begin(oldestFirst, jobs.incrementAndGet());
      done = job == null || flushInStripes(job);
    } finally {
      oldestFirst.forEach(MemtableSource::unclaim);
      signals.progress().signal();
    }
    if (!done) {
      pause();
    }
  }

  private boolean flushInStripes(FlushJob job) throws InterruptedException {
    boolean done = false;
    pace.begin(job.dataBytes(), System.nanoTime());
    try {
      Iterator<FlushJob> parts = stripes.of(job).iterator();
      do {
        done = flush(parts.next());
      } while (done && parts.hasNext());
      return done;
    } finally {
      pace.end(done, System.nanoTime());
    }
  }

  /** Whether it worked out; if not, nothing has changed. */
  private boolean flush(FlushJob job) throws InterruptedException {
    TaskRunner.Output output;
    List<Path> prepared;
    try {
      output = tasks.run(job);
      prepared = prepare(job, output);
    } catch (DwarfException e) {
      if (e.kind() == DwarfException.Kind.FENCED) {
        throw e;
      }
      signals.health().checkWritable();
      LOG.warn(
          "flush job {} of family {} failed, trying again: {}",
          job.number(),
          job.familyName(),
          e.getMessage());
      signals.health().flushTrouble(e);
      return false;
    }
    installer.install(job, prepared);
    signals.health().flushTrouble(null);
    signals.statistics().increment(Counter.FLUSH_JOBS);
    signals.statistics().add(Counter.FLUSH_BYTES, output.bytes());
    tasks.release(output);
    return true;
  }

  private List<Path> prepare(FlushJob job, TaskRunner.Output output) {
    try {
      return installer.prepare(job, output.files());
    } catch (DwarfException e) {
      installer.discard(output.files());
      tasks.release(output);
      throw e;
    }
  }

  private void pause() throws InterruptedException {
    Progress progress = signals.progress();
    long end = System.nanoTime() + RETRY_NANOS;
    for (long left = RETRY_NANOS; left > 0; left = end - System.nanoTime()) {
      progress.await(progress.events(), left);
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
