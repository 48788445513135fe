package dwarf.engine.commit;

import dwarf.base.DwarfException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database may still acknowledge writes. The first background failure is kept and fails
 * every later write with its reason (RocksDB's background error); reads go on from the last good
 * view. Only reopening clears it, because only recovery knows what became durable.
 */
public final class Health {

  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private final AtomicReference<DwarfException> failure = new AtomicReference<>();
  private volatile boolean closed;

  /** What flushing fails with at present and is being tried again; null if it works. */
  private volatile DwarfException flushTrouble;

  public void checkWritable() {
    checkOpen();
    DwarfException first = failure.get();
    if (first != null) {
      throw new DwarfException(
          first.kind(),
          "writes are refused after a background failure; close and reopen the database to recover."
              + " First failure: "
              + first.getMessage(),
          first);
    }
  }

  public void checkOpen() {
    if (closed) {
      throw new DwarfException(DwarfException.Kind.CLOSED, "the database is closed");
    }
  }

  public void fail(String during, RuntimeException cause) {
    DwarfException known =
        cause instanceof DwarfException e
            ? new DwarfException(e.kind(), during + ": " + e.getMessage(), e)
            : new DwarfException(DwarfException.Kind.INTERNAL, during + ": " + cause, cause);
    if (failure.compareAndSet(null, known)) {
      LOG.error(
          "background failure, writes are refused from now on: {}", known.getMessage(), cause);
    }
  }

  /** Flushing fails, which only shows once memory has run out; null when it works again. */
  public void flushTrouble(DwarfException why) {
    flushTrouble = why;
  }

  public DwarfException flushTrouble() {
    return flushTrouble;
  }

  public boolean isFailed() {
    return failure.get() != null;
  }

  public void close() {
    closed = true;
  }

  public boolean isClosed() {
    return closed;
  }
}
