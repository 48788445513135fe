package dwarf.storage;

import dwarf.base.Checksums;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/**
 * The flush marker's bytes, little endian, always {@value #BYTES} long:
 *
 * <pre>
 *  0 magic "DWFM"   4 version u16 = 1   6 reserved u16 = 0
 *  8 database uuid, high half    16 low half
 * 24 incarnation    32 epoch     40 job
 * 48 previous sequence           56 flushed through
 * 64 entries        72 files u32 76 family u32
 * 80 CRC32C of bytes 0..79
 * </pre>
 */
final class FlushMarkerCodec {

  static final int MAGIC = 0x4d465744;
  static final int VERSION = 1;
  static final int CRC_OFFSET = 80;
  static final int BYTES = 84;

  private FlushMarkerCodec() {}

  static byte[] encode(FlushMarker marker) {
    WireWriter out = new WireWriter(BYTES);
    out.putInt(MAGIC).putShort(VERSION).putShort(0);
    out.putUuid(marker.database());
    out.putLong(marker.incarnation()).putLong(marker.epoch()).putLong(marker.job());
    out.putLong(marker.previousSequence()).putLong(marker.flushedThrough());
    out.putLong(marker.entries()).putInt(marker.files()).putInt(marker.family());
    return out.putInt(Checksums.crc32c(out.segment())).toByteArray();
  }

  static FlushMarker decode(byte[] value) {
    MemorySegment bytes = MemorySegment.ofArray(value);
    WireReader in = new WireReader("flush marker", bytes);
    if (value.length != BYTES) {
      throw in.damaged("is " + value.length + " bytes long, not " + BYTES);
    }
    if (in.getInt() != MAGIC) {
      throw in.damaged("does not start with the magic number");
    }
    int stored = new WireReader("flush marker", bytes.asSlice(CRC_OFFSET)).getInt();
    if (stored != Checksums.crc32c(bytes.asSlice(0, CRC_OFFSET))) {
      throw in.damaged("checksum mismatch");
    }
    int version = in.getUnsignedShort();
    if (version != VERSION || in.getUnsignedShort() != 0) {
      throw in.damaged("version " + version + " is not known here: opened by an older program?");
    }
    return body(in);
  }

  private static FlushMarker body(WireReader in) {
    UUID database = in.getUuid();
    long incarnation = in.getLong();
    long epoch = in.getLong();
    long job = in.getLong();
    long previous = in.getLong();
    long through = in.getLong();
    long entries = in.getLong();
    int files = in.getInt();
    int family = in.getInt();
    if (previous < 0 || through < previous || files < 0 || entries < 0) {
      throw in.damaged("impossible numbers");
    }
    return new FlushMarker(
        database, incarnation, epoch, family, job, previous, through, files, entries);
  }
}
