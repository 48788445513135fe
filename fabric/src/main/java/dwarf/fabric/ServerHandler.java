package dwarf.fabric;

import java.lang.foreign.MemorySegment;

/**
 * What a listener does with messages. Called on fabric threads, so it must not block: hand long
 * work to threads of its own and answer the {@link Reply} from there. Calls for one peer come one
 * at a time and in order (open, requests as sent, close); calls for different peers run
 * concurrently. One-sided operations never come here. What it throws from {@link #onRequest} is the
 * answer to that request.
 */
@FunctionalInterface
public interface ServerHandler {

  default void onOpen(Peer peer) {}

  /**
   * Answers one request, now or later.
   *
   * @param payload valid only during the call; copy what must outlive it
   */
  void onRequest(Peer peer, int opcode, MemorySegment payload, Reply reply);

  default void onClose(Peer peer) {}
}
