package dwarf.fabric.ucx;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future whose waiters first help to make it happen. */
final class HelpingFuture<T> extends CompletableFuture<T> {

  private final Progress progress;

  HelpingFuture(Progress progress) {
    this.progress = progress;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    progress.help(this);
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    progress.help(this);
    return super.get(timeout, unit);
  }

  @Override
  public T join() {
    progress.help(this);
    return super.join();
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new HelpingFuture<>(progress);
  }
}
