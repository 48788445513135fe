package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricCounters;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpConnectionRequest;
import org.openucx.jucx.ucp.UcpContext;
import org.openucx.jucx.ucp.UcpListener;
import org.openucx.jucx.ucp.UcpWorker;
import org.openucx.jucx.ucp.UcpWorkerParams;

/**
 * The UCX workers under one {@link Turn}: one that listens, and, where UCX may use shared memory,
 * one more for each connection.
 *
 * <p>W1. A worker reads all that comes over shared memory from one queue. Who sends takes the next
 * place of the receiver's queue and then fills it; one that is killed between the two leaves a
 * place that nobody fills, and nothing behind it is ever read, whoever sent it. So peers that share
 * memory with us must not share a queue with each other: each connection has a worker of its own,
 * which goes when the connection goes. W2. What it costs is bounded by the number of connections,
 * for each up to 8 MB of memory, 9 descriptors, 5 ms to connect and some 15 ns for each look at all
 * workers. W3. Other transports have a stream or a queue for each peer; there one worker, the one
 * that listens, serves all. W4. A worker that is added or removed while the thread sleeps is not
 * among those it sleeps on: an added one asks for the thread ({@link Turn#needThread}).
 *
 * <p>Rejected: to notice that the queue is stuck and replace the common worker, which ends the
 * connections of all for the death of one.
 *
 * <p>With the turn, except {@link #context} and {@link #signal}.
 */
final class Workers {

  private final UcpContext context;
  private final Turn turn;
  private final FabricCounters counters;
  private final boolean apart;
  private final UcxWorker common;
  private final List<UcxWorker> all = new ArrayList<>(); // the common one first
  private final Object signalling = new Object();
  private Wakeup wakeup; // null if the workers have changed
  private volatile boolean ended; // set under signalling

  private Workers(UcpContext context, boolean apart, Turn turn, FabricCounters counters) {
    this.context = context;
    this.apart = apart;
    this.turn = turn;
    this.counters = counters;
    common = add();
  }

  /** NOT_SUPPORTED if UCX finds nothing to run on. */
  static Workers open(
      UcxSettings settings, UcxSettings.Reach reach, Turn turn, FabricCounters counters) {
    UcpContext context;
    try {
      context = new UcpContext(settings.contextParams(reach));
    } catch (UcxException e) {
      throw cannotStart(settings, e);
    }
    try {
      return new Workers(context, settings.mayShareMemory(reach), turn, counters);
    } catch (RuntimeException e) {
      context.close();
      throw e instanceof UcxException refused ? cannotStart(settings, refused) : e;
    }
  }

  private static DwarfException cannotStart(UcxSettings settings, UcxException e) {
    return new DwarfException(
        DwarfException.Kind.NOT_SUPPORTED,
        "UCX cannot start with "
            + settings
            + ": "
            + e.getMessage()
            + "; with UCX_LOG_LEVEL=info in the environment it says more",
        e);
  }

  private UcxWorker add() {
    UcpWorker worker = context.newWorker(new UcpWorkerParams());
    try {
      UcxWorker added = new UcxWorker(worker, turn, counters);
      all.add(added);
      wakeup = null;
      return added;
    } catch (RuntimeException | Error e) {
      worker.close();
      throw e;
    }
  }

  UcpContext context() {
    return context;
  }

  /** Opens an endpoint; a failure to connect is told to the user later. */
  Channel connect(InetSocketAddress address, Channel.User user) {
    return forConnection().connect(address, user);
  }

  Channel accept(UcpConnectionRequest request, Channel.User user) {
    return forConnection().accept(request, user);
  }

  private UcxWorker forConnection() {
    checkRunning();
    return apart ? add() : common;
  }

  UcpListener listen(InetSocketAddress address, Consumer<UcpConnectionRequest> accept) {
    checkRunning();
    return common.listen(address, accept);
  }

  private void checkRunning() {
    if (ended) {
      throw new UcxException("the fabric has been closed");
    }
  }

  /** Lets UCX do what there is to do; returns whether anything was. */
  boolean progress() {
    boolean any = false;
    for (int i = 0; i < all.size(); i++) { // what is done may add one
      any |= all.get(i).progress();
    }
    if (all.size() > 1 && all.removeIf(this::isLeft)) {
      wakeup = null;
    }
    return any;
  }

  private boolean isLeft(UcxWorker worker) {
    boolean left = worker != common && !worker.hasEndpoints();
    if (left) {
      worker.end();
    }
    return left;
  }

  boolean isClosing() {
    return all.stream().anyMatch(UcxWorker::isClosing);
  }

  boolean hasEndpoints() {
    return all.stream().anyMatch(UcxWorker::hasEndpoints);
  }

  /** What to sleep on, or null if there is something to do. */
  Wakeup arm() {
    if (!all.stream().allMatch(UcxWorker::arm)) {
      return null;
    }
    if (wakeup == null) {
      wakeup = new Wakeup(all.stream().mapToInt(UcxWorker::eventDescriptor).toArray());
    }
    return wakeup;
  }

  /** Ends the sleep of who waits for events; any thread. */
  void signal() {
    synchronized (signalling) {
      if (!ended) {
        common.signal();
      }
    }
  }

  /** Closes the workers, and with them what they still have. */
  void end() {
    synchronized (signalling) {
      ended = true;
    }
    all.forEach(UcxWorker::end);
    all.clear();
    context.close();
  }
}
