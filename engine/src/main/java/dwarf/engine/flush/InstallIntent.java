package dwarf.engine.flush;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the owner is about to install, made durable before the ingest. If the ingest damages
 * RocksDB's MANIFEST, so that the database does not open any more, this tells which earlier state
 * of it lacks nothing but the install that failed. Little endian:
 *
 * <pre>
 *  0 magic "DWFI"   4 version u16 = 1   6 reserved u16 = 0
 *  8 database uuid, high half    16 low half
 * 24 epoch    32 job    40 family u32    44 n u32
 * 48 flushed through, once installed
 * 56 n times { family u32, reserved u32 = 0, flushed through u64 }: as it is before
 *    CRC32C of all before
 * </pre>
 *
 * @param through what the family's flush marker says after the install
 * @param before what the markers of all families say before it
 */
public record InstallIntent(
    UUID database,
    long epoch,
    long job,
    int family,
    long through,
    SortedMap<Integer, Long> before) {

  /** The name of the file. */
  public static final String NOTE = "INTENT";

  /** With more families than fit, no intent is kept, and an install that fails is not repaired. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int MAGIC = 0x49465744;
  private static final int VERSION = 1;
  private static final int FAMILY_BYTES = 16;

  public InstallIntent {
    before = new TreeMap<>(before);
  }

  /** Whether these markers are those from before the install, or those from after it. */
  public boolean explains(Map<Integer, Long> flushedThrough) {
    SortedMap<Integer, Long> after = new TreeMap<>(before);
    after.put(family, through);
    return before.equals(flushedThrough) || after.equals(flushedThrough);
  }

  public MemorySegment encode() {
    WireWriter out = new WireWriter();
    out.putInt(MAGIC).putShort(VERSION).putShort(0).putUuid(database);
    out.putLong(epoch).putLong(job).putInt(family).putInt(before.size()).putLong(through);
    before.forEach((id, flushed) -> out.putInt(id).putInt(0).putLong(flushed));
    return out.putInt(Checksums.crc32c(out.segment())).segment();
  }

  /** Takes a file apart; CORRUPTION says what is wrong with it. */
  public static InstallIntent decode(MemorySegment bytes) {
    WireReader in = new WireReader("install intent", bytes);
    if (in.getInt() != MAGIC) {
      throw in.damaged("it does not start with the magic number");
    }
    int version = in.getUnsignedShort();
    if (version > VERSION) {
      throw DwarfException.notSupported(
          "install intent: version " + version + " is newer than this program; use a newer one");
    }
    long end = bytes.byteSize() - Integer.BYTES;
    int stored = new WireReader("install intent", bytes.asSlice(end)).getInt();
    if (stored != Checksums.crc32c(bytes.asSlice(0, end)) || in.getUnsignedShort() != 0) {
      throw in.damaged("it does not match its checksum");
    }
    UUID database = in.getUuid();
    long epoch = in.getLong();
    long job = in.getLong();
    int family = in.getInt();
    int families = in.getInt();
    long through = in.getLong();
    if (families < 0 || in.remaining() != (long) families * FAMILY_BYTES + Integer.BYTES) {
      throw in.damaged("its length is not that of " + families + " families");
    }
    SortedMap<Integer, Long> before = new TreeMap<>();
    for (int i = 0; i < families; i++) {
      int id = in.getInt();
      in.getInt();
      before.put(id, in.getLong());
    }
    return new InstallIntent(database, epoch, job, family, through, before);
  }
}
