package dwarf.node.memory;

import dwarf.base.DwarfException;
import dwarf.base.WireReader;
import dwarf.fabric.Peer;
import dwarf.fabric.Reply;
import dwarf.protocol.Message;
import dwarf.protocol.Messages;
import dwarf.protocol.NodeLoad;
import dwarf.protocol.Opcode;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table from opcode to what answers it, and the one place where answers and errors become
 * replies. Requests are decoded on the fabric's thread, so that nothing of the payload outlives the
 * call, and bad ones cost nothing more.
 */
final class Router {

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  /** Answers one kind of request; may answer later, and must answer once. */
  interface Handler<Q> {
    void handle(Q request, Peer peer, Answer answer);
  }

  private record Route<Q>(Function<WireReader, Q> decoder, Handler<Q> handler) {}

  private final Map<Opcode, Route<?>> routes = new EnumMap<>(Opcode.class);
  private final Supplier<NodeLoad> load;

  /**
   * @param load what goes in front of every reply
   */
  Router(Supplier<NodeLoad> load) {
    this.load = load;
  }

  <Q> void add(Opcode opcode, Function<WireReader, Q> decoder, Handler<Q> handler) {
    routes.put(opcode, new Route<>(decoder, handler));
  }

  void route(Peer peer, Opcode opcode, MemorySegment payload, Reply reply) {
    run(routes.get(opcode), peer, opcode, payload, new Answer(opcode, reply));
  }

  private static <Q> void run(
      Route<Q> route, Peer peer, Opcode opcode, MemorySegment payload, Answer answer) {
    answer.guard(
        () -> {
          Q request = Messages.decode(opcode, payload, route.decoder);
          route.handler.handle(request, peer, answer);
        });
  }

  /** One request's reply. */
  final class Answer {

    private final Opcode opcode;
    private final Reply reply;

    private Answer(Opcode opcode, Reply reply) {
      this.opcode = opcode;
      this.reply = reply;
    }

    void send(Message message) {
      reply.ok(Messages.encodeReply(load.get(), message));
    }

    void sendWhenDone(CompletableFuture<? extends Message> future) {
      var unused =
          future.whenComplete(
              (message, failure) -> {
                if (failure == null) {
                  guard(() -> send(message));
                } else {
                  fail(failure);
                }
              });
    }

    /** Runs what ends in a reply; whatever it throws is the reply. */
    void guard(Runnable work) {
      try {
        work.run();
      } catch (RuntimeException failure) {
        fail(failure);
      }
    }

    private void fail(Throwable failure) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      if (cause instanceof DwarfException known && known.kind() != DwarfException.Kind.INTERNAL) {
        reply.fail(known);
        return;
      }
      LOG.error("{} failed", opcode, cause);
      reply.fail(
          new DwarfException(
              DwarfException.Kind.INTERNAL, opcode + " failed at the memory node: " + cause));
    }
  }
}
