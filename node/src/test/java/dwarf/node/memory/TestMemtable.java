package dwarf.node.memory;

import dwarf.base.RecordType;
import dwarf.memtable.ImageIdentity;
import dwarf.memtable.MemTable;
import dwarf.memtable.SealPlan;
import dwarf.memtable.SealSpec;
import dwarf.memtable.ShardPolicy;
import dwarf.memtable.SlabPool;
import dwarf.protocol.MemoryNodeClient;
import dwarf.protocol.RemoteShard;
import dwarf.protocol.ShardHandle;
import dwarf.protocol.ShardKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** A sealed memtable of a test: its records as a model, and its images. */
final class TestMemtable {

  /** Where it belongs. */
  record Home(UUID database, long epoch, int family, long memtable) {}

  @SuppressWarnings("ArrayRecordComponent") // a test never changes them
  record Version(byte[] key, long sequence, RecordType type, byte[] value) {
    @Override
    public String toString() {
      return new String(key, java.nio.charset.StandardCharsets.ISO_8859_1) + "@" + sequence;
    }
  }

  final Home home;
  final List<Version> versions;
  final List<MemorySegment> images = new ArrayList<>();

  private TestMemtable(Home home, List<Version> versions, int shards) {
    this.home = home;
    this.versions = versions;
    seal(shards);
  }

  static TestMemtable of(Home home, List<Version> versions, int shards) {
    return new TestMemtable(home, versions, shards);
  }

  /** Records with sequences {@code first} on, keys of a small pool. */
  static TestMemtable random(Home home, Random random, long first, int count) {
    List<Version> versions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] key = key(random.nextInt(200));
      boolean deletion = random.nextInt(6) == 0;
      byte[] value = new byte[deletion ? 0 : random.nextInt(300)];
      random.nextBytes(value);
      RecordType type = deletion ? RecordType.DELETE : RecordType.PUT;
      versions.add(new Version(key, first + i, type, value));
    }
    return of(home, versions, 4);
  }

  static byte[] key(int number) {
    return String.format("key%05d", number).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** The newest version of a key at or below a sequence number, in this memtable; or null. */
  Version newest(byte[] key, long sequence) {
    Version newest = null;
    for (Version version : versions) {
      if (version.sequence <= sequence
          && Arrays.equals(version.key, key)
          && (newest == null || version.sequence > newest.sequence)) {
        newest = version;
      }
    }
    return newest;
  }

  /** Ships every shard and seals it. */
  List<RemoteShard> ship(MemoryNodeClient client) {
    List<RemoteShard> sealed = new ArrayList<>();
    for (int shard = 0; shard < images.size(); shard++) {
      sealed.add(client.seal(home.database, home.epoch, write(client, shard)));
    }
    return sealed;
  }

  /** Ships one shard without sealing it. */
  RemoteShard write(MemoryNodeClient client, int shard) {
    MemorySegment image = images.get(shard);
    ShardKey key = new ShardKey(home.family, home.memtable, shard);
    RemoteShard remote = client.allocate(home.database, home.epoch, key, image.byteSize());
    client.writeAsync(remote, 0, image).join();
    return remote;
  }

  static List<ShardHandle> handles(List<RemoteShard> shards) {
    return shards.stream().map(RemoteShard::handle).toList();
  }

  private void seal(int shards) {
    long first = versions.getFirst().sequence;
    long last = versions.getLast().sequence;
    long bytes = 0;
    for (Version version : versions) {
      bytes += MemTable.recordBytes(version.key.length, version.value.length);
    }
    try (SlabPool pool = new SlabPool(64 << 20, 64 << 10)) {
      MemTable table =
          new MemTable(pool, Math.max(MemTable.MIN_WRITE_BUFFER_SIZE, 2 * bytes), first);
      if (!table.prepare(bytes, versions.size())) {
        throw new AssertionError("the memtable has no room for " + bytes + " bytes");
      }
      for (Version version : versions) {
        table.add(
            version.sequence,
            version.type,
            MemorySegment.ofArray(version.key),
            MemorySegment.ofArray(version.value));
      }
      table.publish();
      ImageIdentity identity =
          new ImageIdentity(home.database, home.epoch, home.family, home.memtable, first, last);
      long[] every = versions.stream().mapToLong(Version::sequence).toArray();
      SealPlan plan = SealPlan.of(table, SealSpec.of(identity, every, new ShardPolicy(shards, 1)));
      for (int shard = 0; shard < plan.shardCount(); shard++) {
        MemorySegment image = Arena.ofAuto().allocate(plan.imageBytes(shard), 8);
        plan.gather(shard, image);
        images.add(image);
      }
      table.release();
    }
  }
}
