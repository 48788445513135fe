package dwarf.fabric.shm;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.nio.charset.StandardCharsets;

/**
 * Something that waits for the answer with its id. {@link #onRecord} comes from one thread at a
 * time, {@link #fail} from any; whoever takes the operation out of the link's table ends it.
 */
abstract class Operation {

  protected final ClientLink link;
  protected final long id;
  private final long deadlineNanos;

  protected Operation(ClientLink link, long id, long deadlineNanos) {
    this.link = link;
    this.id = id;
    this.deadlineNanos = deadlineNanos;
  }

  final long deadlineNanos() {
    return deadlineNanos;
  }

  /** Takes a record of the answer other than an ERROR; throws CORRUPTION if it is none. */
  abstract void onRecord(RecordHeader header, RingConsumer records);

  /** Ends the operation, which the link has forgotten before. */
  abstract void fail(DwarfException reason);

  /** Takes the operation out of the link's table; false if somebody else has. */
  protected final boolean take() {
    return link.forget(id);
  }

  final void onError(RecordHeader header, byte[] text) {
    String message = new String(text, StandardCharsets.UTF_8);
    end(new DwarfException(Kind.fromCode(header.code()), message));
  }

  final void end(DwarfException reason) {
    if (take()) {
      fail(reason);
    }
  }
}
