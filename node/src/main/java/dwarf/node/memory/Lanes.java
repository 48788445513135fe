package dwarf.node.memory;

import dwarf.base.DwarfException;
import dwarf.base.WireReader;
import dwarf.fabric.Peer;
import dwarf.protocol.Message;
import dwarf.protocol.Opcode;
import dwarf.protocol.OwnerRequests;
import java.util.function.Consumer;
import java.util.function.Function;

/** Which threads a request runs on: the fabric's, those that change memory, or those that read. */
final class Lanes {

  /** Answers a request at once. */
  interface Work<Q> {
    Message answer(Q request, Peer peer);
  }

  /** Does what a request says; there is nothing to tell. */
  interface Effect<Q> {
    void run(Q request, Peer peer);
  }

  /** Reads from a database and hands over the answer while what it points to is pinned. */
  interface ReadWork {
    void run(DatabaseShards database, Consumer<Message> answer);
  }

  private final Router router;
  private final BoundedThreads memoryThreads;
  private final BoundedThreads readThreads;
  private final int maxReadsPerDatabase;

  Lanes(
      Router router,
      BoundedThreads memoryThreads,
      BoundedThreads readThreads,
      int maxReadsPerDatabase) {
    this.router = router;
    this.memoryThreads = memoryThreads;
    this.readThreads = readThreads;
    this.maxReadsPerDatabase = maxReadsPerDatabase;
  }

  static <Q> Work<Q> nothing(Effect<Q> effect) {
    return (request, peer) -> {
      effect.run(request, peer);
      return new OwnerRequests.Nothing();
    };
  }

  /** On the fabric's thread: for what takes microseconds and never waits. */
  <Q> void inline(Opcode opcode, Function<WireReader, Q> decoder, Work<Q> work) {
    router.add(opcode, decoder, (request, peer, answer) -> answer.send(work.answer(request, peer)));
  }

  <Q> void onMemoryThread(Opcode opcode, Function<WireReader, Q> decoder, Work<Q> work) {
    router.add(
        opcode,
        decoder,
        (request, peer, answer) ->
            memoryThreads.execute(
                () -> answer.guard(() -> answer.send(work.answer(request, peer)))));
  }

  /** Reads on the fabric's thread: for what takes less time than handing it to another thread. */
  void readInline(DatabaseShards database, Router.Answer answer, ReadWork work) {
    work.run(database, answer::send);
  }

  /** On a read thread, unless the database has its share of reads there already: then BUSY. */
  void read(DatabaseShards database, Router.Answer answer, ReadWork work) {
    if (database.reads().incrementAndGet() > maxReadsPerDatabase) {
      database.reads().decrementAndGet();
      throw new DwarfException(
          DwarfException.Kind.BUSY,
          "database "
              + database.database()
              + " has "
              + maxReadsPerDatabase
              + " reads waiting at this node; retry after a pause or read one-sided");
    }
    boolean queued = false;
    try {
      readThreads.execute(
          () -> {
            try {
              answer.guard(() -> work.run(database, answer::send));
            } finally {
              database.reads().decrementAndGet();
            }
          });
      queued = true;
    } finally {
      if (!queued) {
        database.reads().decrementAndGet();
      }
    }
  }
}
