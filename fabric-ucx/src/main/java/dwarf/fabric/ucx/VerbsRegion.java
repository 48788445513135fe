package dwarf.fabric.ucx;

import dwarf.fabric.Access;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A region whose grants the network card serves too. A key ends in the table first, so that nobody
 * can ask for the card's handle of it any more, then in the card.
 */
final class VerbsRegion implements Region {

  private final Region table;
  private final VerbsKeys verbs;
  private final Set<RemoteKey> keys = ConcurrentHashMap.newKeySet();

  VerbsRegion(Region table, VerbsKeys verbs) {
    this.table = table;
    this.verbs = verbs;
  }

  @Override
  public MemorySegment memory() {
    return table.memory();
  }

  @Override
  public synchronized RemoteKey grant(long offset, long length, Access access) {
    RemoteKey key = table.grant(offset, length, access);
    try {
      verbs.add(key, table.memory().asSlice(offset, length), access);
    } catch (RuntimeException | Error e) {
      table.revoke(key);
      throw e;
    }
    keys.add(key);
    return key;
  }

  @Override
  public void revoke(RemoteKey key) {
    table.revoke(key);
    if (keys.remove(key)) {
      verbs.remove(key);
    }
  }

  @Override
  public synchronized void close() {
    table.close();
    keys.forEach(this::revoke);
  }
}
