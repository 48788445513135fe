package dwarf.fabric.spi;

import dwarf.fabric.Peer;
import dwarf.fabric.ServerHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls callbacks of users so that what they throw harms nobody else. */
public final class Handlers {

  private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);

  private Handlers() {}

  public static void opened(ServerHandler handler, Peer peer) {
    guarded("onOpen", () -> handler.onOpen(peer));
  }

  public static void closed(ServerHandler handler, Peer peer) {
    guarded("onClose", () -> handler.onClose(peer));
  }

  public static void guarded(String what, Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException e) {
      LOG.error("a fabric callback failed: {}", what, e);
    }
  }
}
