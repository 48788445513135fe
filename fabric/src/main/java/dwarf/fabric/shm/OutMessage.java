package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A message and how much of it has been sent. */
final class OutMessage implements Sendable {

  /** Most bytes of an ERROR's text. */
  static final int MOST_ERROR_BYTES = 4096;

  private final RecordType type;
  private final int flags;
  private final int code;
  private final long id;
  private final int total;
  private MemorySegment rest;

  OutMessage(RecordType type, int flags, int code, long id, MemorySegment payload) {
    this.type = type;
    this.flags = flags;
    this.code = code;
    this.id = id;
    this.total = (int) payload.byteSize();
    this.rest = payload;
  }

  static OutMessage error(long id, DwarfException error) {
    byte[] text = String.valueOf(error.getMessage()).getBytes(StandardCharsets.UTF_8);
    byte[] sent = Arrays.copyOf(text, Math.min(text.length, MOST_ERROR_BYTES));
    int kind = error.kind().code();
    return new OutMessage(RecordType.ERROR, 0, kind, id, MemorySegment.ofArray(sent));
  }

  int total() {
    return total;
  }

  /** Takes a copy of what is left, so that the caller may have its memory back. */
  void detach() {
    rest = MemorySegment.ofArray(rest.toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public Push push(RingProducer ring) {
    int part = (int) Math.min(rest.byteSize(), ring.mostPayload());
    if (!ring.hasRoom(part)) {
      return Push.FULL;
    }
    MemorySegment.copy(rest, 0, ring.data(), ring.payloadAt(), part);
    boolean last = part == rest.byteSize();
    int marks = last ? flags : flags | RecordHeader.MORE;
    ring.publish(new RecordHeader(type, marks, code, id, part, total));
    if (last) {
      return Push.DONE;
    }
    rest = rest.asSlice(part);
    return Push.MORE;
  }
}
