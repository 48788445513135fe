package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.fabric.spi.Grant;
import java.lang.foreign.MemorySegment;

/** A read that a server answers through the ring, chunk by chunk, as there is room. */
final class ReadJob implements Sendable {

  private final long id;
  private final Grant grant;
  private final AccessDescriptor access;
  private final int chunkBytes;
  private final Ending ending;
  private long sent;
  private OutMessage refusal;

  /** Told once how many bytes were read, and whether the grant ended meanwhile. */
  @FunctionalInterface
  interface Ending {
    void ended(long bytes, boolean refused);
  }

  ReadJob(long id, Grant grant, AccessDescriptor access, int chunkBytes, Ending ending) {
    this.id = id;
    this.grant = grant;
    this.access = access;
    this.chunkBytes = chunkBytes;
    this.ending = ending;
  }

  @Override
  public Push push(RingProducer ring) {
    if (refusal != null) {
      return refusal.push(ring);
    }
    int part = (int) Math.min(chunkBytes, access.length() - sent);
    if (!ring.hasRoom(part)) {
      return Push.FULL;
    }
    MemorySegment room = ring.data().asSlice(ring.payloadAt(), part);
    try {
      grant.copyOut(access.offset() + sent, room);
    } catch (DwarfException revoked) {
      refusal = OutMessage.error(id, revoked);
      ending.ended(sent, true);
      return refusal.push(ring);
    }
    sent += part;
    boolean last = sent == access.length();
    int flags = last ? 0 : RecordHeader.MORE;
    ring.publish(new RecordHeader(RecordType.DATA, flags, 0, id, part, part));
    if (last) {
      ending.ended(sent, false);
    }
    return last ? Push.DONE : Push.MORE;
  }
}
