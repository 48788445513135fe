package dwarf.fabric.spi;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import dwarf.fabric.Access;
import dwarf.fabric.Region;
import dwarf.fabric.RemoteKey;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys a fabric has granted: 128 random bits each, so they can be neither guessed nor reused,
 * looked up here on every access. A key says nothing about where its memory is. Thread-safe.
 */
public final class RegionTable implements AutoCloseable {

  /** Bytes of the keys this table makes. */
  public static final int KEY_BYTES = 16;

  private record Token(long low, long high) {}

  private final Map<Token, Grant> grants = new ConcurrentHashMap<>();
  private final Set<TableRegion> regions = ConcurrentHashMap.newKeySet();
  private final SecureRandom random = new SecureRandom();

  public Region register(MemorySegment memory) {
    return register(memory, (offset, length, access) -> Publication.NONE);
  }

  /** As {@link #register(MemorySegment)}, for memory whose grants are published to peers. */
  public Region register(MemorySegment memory, Publication.Publisher publisher) {
    if (!memory.isNative()) {
      throw DwarfException.invalid("register: the memory must be native, this is on the heap");
    }
    checkShareable(memory);
    TableRegion region = new TableRegion(memory, publisher);
    regions.add(region);
    return region;
  }

  /** The grant behind a key, or STALE_HANDLE. */
  public Grant find(long low, long high) {
    Grant grant = grants.get(new Token(low, high));
    if (grant == null) {
      throw Grant.stale();
    }
    return grant;
  }

  /** The grant behind a key, or STALE_HANDLE. */
  public Grant find(RemoteKey key) {
    ByteBuffer words = words(key);
    return find(words.getLong(0), words.getLong(8));
  }

  /** The key as two little-endian words; a key of another shape comes from no such table. */
  public static ByteBuffer words(RemoteKey key) {
    byte[] bytes = key.bytes();
    if (bytes.length != KEY_BYTES) {
      throw DwarfException.invalid(
          "remote key of " + bytes.length + " bytes: this transport's keys have " + KEY_BYTES);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Refuses memory confined to one thread, which transports cannot touch from theirs. */
  public static void checkShareable(MemorySegment memory) {
    if (memory.isNative() && !memory.isAccessibleBy(Probe.OTHER_THREAD)) {
      throw DwarfException.invalid(
          "memory of a confined arena: one-sided operations need a shared, automatic or global one");
    }
  }

  /** Revokes everything. */
  @Override
  public void close() {
    regions.forEach(TableRegion::close);
  }

  private static final class Probe {
    static final Thread OTHER_THREAD = Thread.ofVirtual().unstarted(() -> {});
  }

  private final class TableRegion implements Region {

    private final MemorySegment memory;
    private final Publication.Publisher publisher;
    private final Set<Token> tokens = ConcurrentHashMap.newKeySet();
    private boolean closed; // guarded by this

    TableRegion(MemorySegment memory, Publication.Publisher publisher) {
      this.memory = memory;
      this.publisher = publisher;
    }

    @Override
    public MemorySegment memory() {
      return memory;
    }

    @Override
    public synchronized RemoteKey grant(long offset, long length, Access access) {
      if (closed) {
        throw new DwarfException(Kind.CLOSED, "grant: the region has been closed");
      }
      if (offset < 0 || length < 0 || offset > memory.byteSize() - length) {
        throw DwarfException.invalid(
            "grant of offset "
                + offset
                + ", length "
                + length
                + " leaves the region of "
                + memory.byteSize()
                + " bytes");
      }
      if (access == Access.READ_WRITE && memory.isReadOnly()) {
        throw DwarfException.invalid("grant: the memory is read-only, grant READ");
      }
      byte[] key = new byte[KEY_BYTES];
      random.nextBytes(key);
      ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
      Token token = new Token(words.getLong(0), words.getLong(8));
      MemorySegment range = memory.asSlice(offset, length);
      Publication publication = publisher.publish(offset, length, access);
      tokens.add(token);
      grants.put(token, new Grant(range, access, publication));
      return new RemoteKey(key);
    }

    @Override
    public void revoke(RemoteKey key) {
      ByteBuffer words = words(key);
      revoke(new Token(words.getLong(0), words.getLong(8)));
    }

    private void revoke(Token token) {
      if (tokens.contains(token)) {
        Grant grant = grants.get(token);
        if (grant != null) {
          grant.revoke();
          grants.remove(token);
        }
        tokens.remove(token);
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      tokens.forEach(this::revoke);
      regions.remove(this);
    }
  }
}
