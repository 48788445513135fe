package dwarf.fabric.inproc;

import dwarf.base.DwarfException;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.FabricCounter;
import dwarf.fabric.Listener;
import dwarf.fabric.ServerHandler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A name that connections are made to. */
final class InprocListener implements Listener {

  private final InprocFabric fabric;
  private final FabricAddress address;
  private final ServerHandler handler;
  private final Set<InprocConnection> accepted = new HashSet<>(); // guarded by this
  private boolean closed; // guarded by this

  InprocListener(InprocFabric fabric, FabricAddress address, ServerHandler handler) {
    this.fabric = fabric;
    this.address = address;
    this.handler = handler;
  }

  @Override
  public FabricAddress address() {
    return address;
  }

  InprocFabric fabric() {
    return fabric;
  }

  ServerHandler handler() {
    return handler;
  }

  void accept(InprocConnection connection) {
    synchronized (this) {
      if (closed) {
        connection.close();
        throw DwarfException.unavailable("connect to " + address + ": nobody listens there");
      }
      if (accepted.size() >= fabric.options().maxConnections()) {
        connection.close();
        fabric.counters().increment(FabricCounter.CONNECTIONS_REFUSED);
        throw DwarfException.unavailable(
            "connect to " + address + ": it has " + accepted.size() + " connections, its most");
      }
      accepted.add(connection);
    }
    connection.onClose(
        () -> {
          synchronized (this) {
            accepted.remove(connection);
          }
        });
    connection.open();
  }

  @Override
  public void close() {
    List<InprocConnection> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(accepted);
    }
    fabric.forget(this);
    open.forEach(InprocConnection::close);
  }
}
