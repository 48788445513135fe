package dwarf.fabric.shm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future whose waiter helps: it polls the ring for its answer before it sleeps. Waking a thread
 * costs many times what the whole exchange does. What is derived from such a future is one, too.
 */
final class ShmFuture<T> extends CompletableFuture<T> {

  private final ClientLink link;

  ShmFuture(ClientLink link) {
    this.link = link;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new ShmFuture<>(link);
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    link.help(this);
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    link.help(this);
    return super.get(timeout, unit);
  }

  @Override
  public T join() {
    link.help(this);
    return super.join();
  }
}
