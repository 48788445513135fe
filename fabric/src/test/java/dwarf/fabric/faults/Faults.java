package dwarf.fabric.faults;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * What a {@link FaultyFabric} does to operations; changed by the test at any time, from any thread.
 * Chances are 0 to 1, drawn from a seeded generator: one thread and one seed give the same faults
 * again.
 */
public final class Faults {

  /** What an operation is, for {@link #only}. */
  public enum Kind {
    REQUEST,
    READ,
    WRITE
  }

  /** An operation about to start; the opcode is -1 unless it is a request. */
  public record Operation(Kind kind, int opcode) {}

  private final Random random;
  private final AtomicLong injected = new AtomicLong();
  private final List<Runnable> cuts = new CopyOnWriteArrayList<>();
  private volatile Predicate<Operation> only = operation -> true;
  private volatile double drop;
  private volatile double dropAnswer;
  private volatile double duplicate;
  private volatile double corrupt;
  private volatile long delayNanos;
  private volatile boolean halfOpen;
  private volatile boolean refused;

  public Faults(long seed) {
    random = new Random(seed);
  }

  /** Restricts chances and delay to matching operations. */
  public Faults only(Predicate<Operation> filter) {
    only = filter;
    return this;
  }

  /** The operation is never sent; it fails at its deadline. */
  public Faults drop(double chance) {
    drop = chance;
    return this;
  }

  /** The operation takes effect, but its caller never hears of it and gets the deadline. */
  public Faults dropAnswer(double chance) {
    dropAnswer = chance;
    return this;
  }

  /** The request reaches the handler a second time; the second answer is lost. */
  public Faults duplicate(double chance) {
    duplicate = chance;
    return this;
  }

  /** One random bit of the reply, of what was read, or of what is written is flipped. */
  public Faults corrupt(double chance) {
    corrupt = chance;
    return this;
  }

  /** Operations start after a random part of this time. */
  public Faults delay(Duration most) {
    delayNanos = most.toNanos();
    return this;
  }

  /** Connections look open, but nothing passes and nobody can connect. */
  public Faults halfOpen(boolean on) {
    halfOpen = on;
    return this;
  }

  /** Ends every connection; nobody can connect until {@link #heal}. */
  public Faults cut() {
    refused = true;
    cuts.forEach(Runnable::run);
    return this;
  }

  /** No faults from now on. */
  public Faults heal() {
    drop = 0;
    dropAnswer = 0;
    duplicate = 0;
    corrupt = 0;
    delayNanos = 0;
    halfOpen = false;
    refused = false;
    return this;
  }

  /** How many faults have hit an operation or a connection attempt. */
  public long injected() {
    return injected.get();
  }

  void onCut(Runnable action) {
    cuts.add(action);
  }

  boolean refusesConnections() {
    return counted(refused || halfOpen);
  }

  boolean drops(Operation operation) {
    return counted(halfOpen || hit(operation, drop));
  }

  boolean dropsAnswer(Operation operation) {
    return counted(hit(operation, dropAnswer));
  }

  boolean duplicates(Operation operation) {
    return counted(hit(operation, duplicate));
  }

  boolean corrupts(Operation operation) {
    return counted(hit(operation, corrupt));
  }

  long delayNanos(Operation operation) {
    long most = delayNanos;
    if (most == 0 || !only.test(operation)) {
      return 0;
    }
    injected.incrementAndGet();
    synchronized (random) {
      return random.nextLong(most);
    }
  }

  long below(long bound) {
    synchronized (random) {
      return random.nextLong(bound);
    }
  }

  private boolean hit(Operation operation, double chance) {
    if (chance <= 0 || !only.test(operation)) {
      return false;
    }
    synchronized (random) {
      return random.nextDouble() < chance;
    }
  }

  private boolean counted(boolean happens) {
    if (happens) {
      injected.incrementAndGet();
    }
    return happens;
  }
}
