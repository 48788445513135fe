package dwarf.protocol;

import dwarf.base.DwarfException;
import dwarf.base.WireReader;
import dwarf.fabric.Connection;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Keeps one connection to a memory node and makes a new one when it has failed. A connection is
 * handed out only after HELLO has shown that both ends speak the same version. After a failed
 * attempt calls fail at once for {@link ClientOptions#retryPause()}, so that a dead node costs a
 * read a refusal and not a connect timeout.
 */
final class NodeLink implements AutoCloseable {

  private final Fabric fabric;
  private final FabricAddress node;
  private final ClientOptions options;
  private final ReentrantLock connecting = new ReentrantLock();

  /** Written under {@link #connecting}. */
  private volatile Connection connection;

  private volatile boolean closed;
  private volatile boolean healthy = true;
  private volatile NodeLoad load = NodeLoad.UNKNOWN;

  /** Guarded by {@link #connecting}: the last failed attempt, null after a success. */
  private DwarfException refusal;

  private long refusedAt;

  NodeLink(Fabric fabric, FabricAddress node, ClientOptions options) {
    this.fabric = fabric;
    this.node = node;
    this.options = options;
  }

  NodeLoad load() {
    return load;
  }

  boolean isHealthy() {
    return healthy && !closed;
  }

  boolean isConnected() {
    Connection current = connection;
    return current != null && current.isOpen();
  }

  /** Sends one request; every failure comes through the future. */
  <T> CompletableFuture<T> call(
      Opcode opcode, Message message, Function<WireReader, T> decoder, Duration wait) {
    try {
      return call(connection(), opcode, message, decoder, options.timeout().plus(wait));
    } catch (DwarfException notConnected) {
      return CompletableFuture.failedFuture(notConnected);
    }
  }

  /** Runs a one-sided transfer; every failure comes through the future. */
  CompletableFuture<Void> transfer(Function<Connection, CompletableFuture<Void>> operation) {
    try {
      return operation.apply(connection()).whenComplete((done, failure) -> judge(failure));
    } catch (DwarfException notConnected) {
      return CompletableFuture.failedFuture(notConnected);
    }
  }

  /** Waits for a call; its own deadline bounds the wait, and an interrupt does not end it. */
  static <T> T join(CompletableFuture<T> call) {
    try {
      return call.join();
    } catch (CompletionException failure) {
      throw asDwarf(failure);
    }
  }

  private <T> CompletableFuture<T> call(
      Connection over,
      Opcode opcode,
      Message message,
      Function<WireReader, T> decoder,
      Duration timeout) {
    MemorySegment payload = Messages.encode(message);
    return over.request(opcode.code(), payload, timeout)
        .handle(
            (bytes, failure) -> {
              judge(failure);
              if (failure != null) {
                throw asDwarf(failure);
              }
              Messages.Reply<T> reply = Messages.decodeReply(opcode, bytes, decoder);
              load = reply.load();
              return reply.message();
            });
  }

  private void judge(Throwable failure) {
    boolean isWell = failure == null || asDwarf(failure).kind() != DwarfException.Kind.UNAVAILABLE;
    if (healthy != isWell) { // a write for each block would send the line from reader to reader
      healthy = isWell;
    }
  }

  private static DwarfException asDwarf(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof DwarfException known
        ? known
        : new DwarfException(
            DwarfException.Kind.INTERNAL, "a call to a memory node failed: " + cause, cause);
  }

  private Connection connection() {
    Connection current = connection;
    if (current != null && current.isOpen() && !closed) {
      return current;
    }
    lockWithin(options.timeout());
    try {
      return reconnect();
    } finally {
      connecting.unlock();
    }
  }

  private void lockWithin(Duration patience) {
    boolean interrupted = false;
    long start = options.clock().nanoTime();
    try {
      while (true) {
        try {
          long left = patience.toNanos() - (options.clock().nanoTime() - start);
          if (connecting.tryLock(left, TimeUnit.NANOSECONDS)) {
            return;
          }
          throw DwarfException.unavailable(
              "memory node " + node + ": another call is still trying to connect");
        } catch (InterruptedException interrupt) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Connection reconnect() {
    if (closed) {
      throw new DwarfException(
          DwarfException.Kind.CLOSED, "the client of memory node " + node + " is closed");
    }
    if (isConnected()) {
      return connection;
    }
    long now = options.clock().nanoTime();
    if (refusal != null && now - refusedAt < options.retryPause().toNanos()) {
      throw new DwarfException(refusal.kind(), refusal.getMessage(), refusal);
    }
    try {
      connection = open();
      refusal = null;
      return connection;
    } catch (DwarfException failure) {
      healthy = false;
      refusal = failure;
      refusedAt = options.clock().nanoTime();
      throw failure;
    }
  }

  private Connection open() {
    Connection fresh = fabric.connect(node);
    try {
      OwnerRequests.Hello hello = new OwnerRequests.Hello(Protocol.VERSION);
      NodeInfo info = join(call(fresh, Opcode.HELLO, hello, NodeInfo::decode, options.timeout()));
      if (info.version() != Protocol.VERSION) {
        throw DwarfException.notSupported(
            "memory node "
                + node
                + " speaks protocol version "
                + info.version()
                + ", this client "
                + Protocol.VERSION
                + ": run the same release on both");
      }
      return fresh;
    } catch (DwarfException failure) {
      fresh.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    closed = true;
    connecting.lock();
    try {
      if (connection != null) {
        connection.close();
      }
    } finally {
      connecting.unlock();
    }
  }
}
