package dwarf.memtable;

import dwarf.base.DwarfException;
import dwarf.base.Invariants;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How one frozen memtable becomes shard images: what is kept ({@link KeptRecords}), where it is cut
 * ({@link ShardCutter}), and where every byte goes ({@link ShardLayout}); {@link #gather} then
 * writes a shard straight into the memory it is sent from.
 *
 * <p>S1. All versions of a key are in one shard; shards are in key order and do not overlap. S2. No
 * shard is empty; a memtable without records has no shards. S3. A shard gathered twice (because
 * shipping failed) is the same bytes.
 *
 * <p>Immutable and thread-safe; different shards may be gathered at the same time. Valid until the
 * memtable is released.
 */
public final class SealPlan {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final SortedRecords records;
  private final KeptRecords kept;
  private final SealSpec spec;
  private final List<ShardLayout> shards;
  private final long[] imageIds;

  private SealPlan(SortedRecords records, SealSpec spec, LongSupplier imageIds) {
    this.records = records;
    this.spec = spec;
    kept = KeptRecords.of(records, spec.snapshots(), spec.identity());
    int[] starts = ShardCutter.cut(kept, spec.policy().shardsFor(kept.totalBytes()));
    shards = new ArrayList<>(starts.length);
    this.imageIds = new long[starts.length];
    for (int i = 0; i < starts.length; i++) {
      int to = i + 1 < starts.length ? starts[i + 1] : kept.count();
      shards.add(ShardLayout.of(records, kept, starts[i], to, spec));
      this.imageIds[i] = imageIds.getAsLong();
    }
  }

  /** Plans the seal of a memtable that gets no more writes. Sorts it if nobody has yet. */
  public static SealPlan of(MemTable frozen, SealSpec spec) {
    Invariants.check(
        frozen.firstSequence() == spec.identity().firstSequence(),
        "a memtable is sealed under its own sequence numbers");
    return of(frozen.sorted(), spec);
  }

  static SealPlan of(SortedRecords records, SealSpec spec) {
    return of(records, spec, SealPlan::randomImageId);
  }

  static SealPlan of(SortedRecords records, SealSpec spec, LongSupplier imageIds) {
    return new SealPlan(records, spec, imageIds);
  }

  private static long randomImageId() {
    long id = RANDOM.nextLong();
    return id == 0 ? 1 : id;
  }

  /** How many shards there are; 0 if the memtable is empty. */
  public int shardCount() {
    return shards.size();
  }

  /** The length of a shard's image; a multiple of 8. */
  public long imageBytes(int shard) {
    return shards.get(shard).imageBytes();
  }

  /** How many records, versions counted, a shard's image holds. */
  public long entries(int shard) {
    return shards.get(shard).entries;
  }

  /** Writes a shard's image into {@code target}, which has exactly {@link #imageBytes} bytes. */
  public void gather(int shard, MemorySegment target) {
    ShardLayout layout = shards.get(shard);
    if (target.byteSize() != layout.imageBytes()) {
      throw DwarfException.invalid(
          String.format(
              "shard %d needs a target of %d bytes, not %d",
              shard, layout.imageBytes(), target.byteSize()));
    }
    ImageFooter footer = new ImageFooter(spec.identity());
    footer.imageId = imageIds[shard];
    footer.shard = shard;
    footer.shardCount = shards.size();
    footer.filterProbes = BloomFilter.probesFor(spec.bloomBitsPerKey());
    new ImageWriter(records, kept, layout, footer, target).write();
  }
}
