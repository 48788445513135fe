package dwarf.wal.owner;

import dwarf.base.Checksums;
import dwarf.base.DwarfException;
import dwarf.base.WireReader;
import dwarf.base.WireWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What an owner tells its successors. Little endian:
 *
 * <pre>
 *    0  u64  magic "DWRFOWN\n"
 *    8  u16  version, 1
 *   10  u8   state: 1 open, 2 released, 3 closed
 *   11  u8   flags: 1 = the database has a log, 2 = power may have been lost since it was written
 *   12  uuid database
 *   28  u64  incarnation
 *   36  u64  epoch
 *   44  u64  log epoch
 *   52  u64  durable-through
 *   60  u64  lease in nanoseconds
 *   68  u64  process id
 *   76  u64  process start, ticks since boot
 *   84  strings (u32 length, UTF-8): rocks directory, machine id, boot id, pid namespace, host
 *    n  u32  CRC32C of everything before
 * </pre>
 *
 * @param logEpoch the epoch whose directory holds the log: an earlier one until this owner has
 *     linked the segments into its own
 * @param hasLog whether there is a log that must not be missing
 * @param mayHaveLostPower whether the machine may have gone down since the log was written; until
 *     this owner has recovered it
 * @param durableThrough the sequence through which the log was closed cleanly; 0 once written to
 * @param rocksDirectory relative to the database directory
 */
record OwnerRecord(
    UUID database,
    long incarnation,
    long epoch,
    State state,
    long logEpoch,
    boolean hasLog,
    boolean mayHaveLostPower,
    long durableThrough,
    long leaseNanos,
    String rocksDirectory,
    HostStamp host) {

  private static final long MAGIC = 0x0a4e_574f_4652_5744L;
  private static final int VERSION = 1;
  static final int MAX_BYTES = 64 << 10;
  private static final int MAX_STRING = 4096;
  private static final int HAS_LOG = 1;
  private static final int LOST_POWER = 2;

  /** How the owner stands, as far as it could say. */
  enum State {
    /** It runs, or ended without a word. */
    OPEN(1),
    /** It has stopped using the directory, but not in order. */
    RELEASED(2),
    /** It has stopped in order; the log is durable. */
    CLOSED(3);

    private final int code;

    State(int code) {
      this.code = code;
    }
  }

  OwnerRecord withState(State newState) {
    return new OwnerRecord(
        database,
        incarnation,
        epoch,
        newState,
        logEpoch,
        hasLog,
        mayHaveLostPower,
        durableThrough,
        leaseNanos,
        rocksDirectory,
        host);
  }

  OwnerRecord withLog(long newLogEpoch, boolean newHasLog, boolean newLostPower, long newDurable) {
    return new OwnerRecord(
        database,
        incarnation,
        epoch,
        state,
        newLogEpoch,
        newHasLog,
        newLostPower,
        newDurable,
        leaseNanos,
        rocksDirectory,
        host);
  }

  OwnerRecord withRocks(String newRocksDirectory) {
    return new OwnerRecord(
        database,
        incarnation,
        epoch,
        state,
        logEpoch,
        hasLog,
        mayHaveLostPower,
        durableThrough,
        leaseNanos,
        newRocksDirectory,
        host);
  }

  MemorySegment encode() {
    WireWriter out = new WireWriter();
    out.putLong(MAGIC).putShort(VERSION).putByte(state.code);
    out.putByte((hasLog ? HAS_LOG : 0) | (mayHaveLostPower ? LOST_POWER : 0));
    out.putUuid(database).putLong(incarnation).putLong(epoch).putLong(logEpoch);
    out.putLong(durableThrough).putLong(leaseNanos);
    out.putLong(host.pid()).putLong(host.startTicks());
    out.putString(rocksDirectory).putString(host.machineId()).putString(host.bootId());
    out.putString(host.pidNamespace()).putString(host.hostName());
    out.putInt(Checksums.crc32c(out.segment()));
    return out.segment();
  }

  static OwnerRecord decode(Path file, MemorySegment bytes) {
    WireReader in = new WireReader("owner record " + file, bytes);
    if (in.getLong() != MAGIC) {
      throw in.damaged("this is no owner record (wrong magic number)");
    }
    int version = in.getUnsignedShort();
    if (version > VERSION) {
      throw DwarfException.notSupported(
          "owner record "
              + file
              + ": format version "
              + version
              + " is newer than "
              + VERSION
              + ", the newest this program reads; use a newer one");
    }
    long end = bytes.byteSize() - 4;
    if (version != VERSION
        || Checksums.crc32c(bytes.asSlice(0, end))
            != new WireReader("checksum", bytes.asSlice(end)).getInt()) {
      throw in.damaged("it does not match its checksum");
    }
    State state = state(in);
    int flags = in.getUnsignedByte();
    UUID database = in.getUuid();
    long incarnation = in.getLong();
    long epoch = in.getLong();
    long logEpoch = in.getLong();
    long durableThrough = in.getLong();
    long lease = in.getLong();
    long pid = in.getLong();
    long start = in.getLong();
    String rocks = in.getString(MAX_STRING);
    String machine = in.getString(MAX_STRING);
    String boot = in.getString(MAX_STRING);
    HostStamp host =
        new HostStamp(
            machine, boot, in.getString(MAX_STRING), pid, start, in.getString(MAX_STRING));
    in.getInt();
    in.expectEnd();
    return new OwnerRecord(
        database,
        incarnation,
        epoch,
        state,
        logEpoch,
        (flags & HAS_LOG) != 0,
        (flags & LOST_POWER) != 0,
        durableThrough,
        lease,
        rocks,
        host);
  }

  private static State state(WireReader in) {
    int code = in.getUnsignedByte();
    for (State state : State.values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw in.damaged("unknown state " + code);
  }
}
