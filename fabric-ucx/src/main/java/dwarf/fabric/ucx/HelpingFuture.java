package dwarf.fabric.ucx;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future whose waiters first help to make it happen. */
final class HelpingFuture<T> extends CompletableFuture<T> {

  private final Helpers helpers;

  HelpingFuture(Helpers helpers) {
    this.helpers = helpers;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    helpers.help(this, Long.MAX_VALUE);
    if (isDone()) {
      return super.get();
    }
    helpers.sleeps();
    try {
      return super.get();
    } finally {
      helpers.sleptEnough();
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long nanos = unit.toNanos(timeout);
    long start = System.nanoTime();
    helpers.help(this, nanos);
    if (isDone()) {
      return super.get();
    }
    helpers.sleeps();
    try {
      return super.get(nanos - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
    } finally {
      helpers.sleptEnough();
    }
  }

  @Override
  public T join() {
    helpers.help(this, Long.MAX_VALUE);
    if (isDone()) {
      return super.join();
    }
    helpers.sleeps();
    try {
      return super.join();
    } finally {
      helpers.sleptEnough();
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new HelpingFuture<>(helpers);
  }
}
