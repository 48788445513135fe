package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import dwarf.fabric.Access;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.openucx.jucx.UcxException;
import org.openucx.jucx.ucp.UcpConstants;
import org.openucx.jucx.ucp.UcpContext;
import org.openucx.jucx.ucp.UcpMemMapParams;
import org.openucx.jucx.ucp.UcpMemory;

/**
 * The grants that the network card serves: each is a registration of its own, so that ending it
 * ends the card's access and nothing else. Thread-safe; registering takes the time of pinning the
 * range and is done by who grants.
 */
final class VerbsKeys implements AutoCloseable {

  private record Granted(UcpMemory memory, VerbsHandle handle) {}

  private final UcpContext context;
  private final Map<RemoteKey, Granted> grants = new HashMap<>(); // guarded by this
  private final Set<ServerLink> holders = ConcurrentHashMap.newKeySet();
  private boolean closed; // guarded by this

  VerbsKeys(UcpContext context) {
    this.context = context;
  }

  /** Lets the card serve the range under the key. */
  synchronized void add(RemoteKey key, MemorySegment range, Access access) {
    if (closed || range.byteSize() == 0) {
      return; // without a registration the emulation serves it, or refuses
    }
    long protection =
        UcpConstants.UCP_MEM_MAP_PROT_LOCAL_READ | UcpConstants.UCP_MEM_MAP_PROT_REMOTE_READ;
    if (access == Access.READ_WRITE) {
      protection |=
          UcpConstants.UCP_MEM_MAP_PROT_LOCAL_WRITE | UcpConstants.UCP_MEM_MAP_PROT_REMOTE_WRITE;
    }
    try {
      UcpMemory memory =
          context.memoryMap(
              new UcpMemMapParams()
                  .setAddress(range.address())
                  .setLength(range.byteSize())
                  .setProtection(protection));
      ByteBuffer packed = memory.getRemoteKeyBuffer();
      byte[] bytes = new byte[packed.remaining()];
      packed.get(bytes);
      VerbsHandle handle = new VerbsHandle(range.address(), range.byteSize(), access, bytes);
      grants.put(key, new Granted(memory, handle));
    } catch (UcxException e) {
      throw new DwarfException(
          DwarfException.Kind.NO_SPACE,
          "cannot register "
              + range.byteSize()
              + " bytes with the network card ("
              + e.getMessage()
              + "): look at ulimit -l",
          e);
    }
  }

  /** The handle for a peer, who will be told when it ends; NOT_SUPPORTED if there is none. */
  synchronized VerbsHandle resolve(RemotePlace place, ServerLink holder) {
    Granted granted = grants.get(place.key());
    if (granted == null || granted.handle.packedKey().length > VerbsHandle.MAX_KEY_BYTES) {
      throw DwarfException.notSupported("the network card does not serve this key");
    }
    holders.add(holder);
    return granted.handle;
  }

  void forget(ServerLink holder) {
    holders.remove(holder);
  }

  /** When it returns, the card refuses the key; those who hold it are told, soon. */
  void remove(RemoteKey key) {
    synchronized (this) {
      Granted granted = grants.remove(key);
      if (granted == null) {
        return;
      }
      granted.memory.deregister();
    }
    RemotePlace place = RemotePlace.of(key, 0, 0);
    holders.forEach(holder -> holder.tellRevoked(place));
  }

  /** Ends all registrations, for they must go before the context. */
  @Override
  public void close() {
    List<RemoteKey> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(grants.keySet());
    }
    all.forEach(this::remove);
  }
}
