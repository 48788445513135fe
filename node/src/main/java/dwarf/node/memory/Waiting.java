package dwarf.node.memory;

import dwarf.base.DwarfException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The calls that wait for something, without a thread each; bounded. Used under the lock of the
 * {@link TaskBoard}; the futures are completed by what is put into {@code after}, outside it.
 */
final class Waiting {

  /** One waiting call. */
  record Call<T>(long peer, long deadline, CompletableFuture<T> future) {

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final int most;
  private final Set<Call<?>> open = new HashSet<>();

  Waiting(int most) {
    this.most = most;
  }

  <T> Call<T> add(long peer, long deadline) {
    if (open.size() >= most) {
      throw new DwarfException(
          DwarfException.Kind.BUSY, "the memory node has " + most + " waiting calls; retry later");
    }
    Call<T> call = new Call<>(peer, deadline, new CompletableFuture<>());
    open.add(call);
    return call;
  }

  boolean isOpen(Call<?> call) {
    return open.contains(call);
  }

  /** Ends a call, unless it has ended. */
  <T> void end(Call<T> call, Supplier<T> answer, List<Runnable> after) {
    if (open.remove(call)) {
      T value = answer.get();
      after.add(() -> call.future().complete(value));
    }
  }

  /** Ends a call whose time is over; whether the call has ended, now or before. */
  <T> boolean endIfDue(Call<T> call, long now, Supplier<T> answer, List<Runnable> after) {
    if (isOpen(call) && now - call.deadline() >= 0) {
      end(call, answer, after);
    }
    return !isOpen(call);
  }

  /** Drops the calls of a connection that has gone; nobody is there to be answered. */
  void closePeer(long peer) {
    open.removeIf(call -> call.peer() == peer);
  }

  int size() {
    return open.size();
  }
}
