package dwarf.fabric.ucx;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.openucx.jucx.ucp.UcpRemoteKey;

/**
 * One transfer by the network card, in chunks with a few of them under way. A write is complete
 * when a flush after its last chunk is, for only then it has landed. It tells its end when the card
 * has let go of all local memory. Confined to the progress thread.
 */
final class VerbsTransfer {

  private static final int CHUNKS_AHEAD = 8;

  /**
   * What does it: each tells, once, whether it went well, when nothing touches our memory any more.
   */
  interface Card {

    void get(long from, UcpRemoteKey key, MemorySegment to, Consumer<Boolean> done);

    void put(MemorySegment from, long to, UcpRemoteKey key, Consumer<Boolean> done);

    /** Tells when all that was put before has landed. */
    void flush(Consumer<Boolean> done);
  }

  /** The peer's memory: by which card, with which key, from which address on. */
  record Remote(Card card, UcpRemoteKey key, long address) {}

  private final Transfer transfer;
  private final Remote remote;
  private final int chunkBytes;
  private final Consumer<Boolean> end;
  private long issued;
  private int underWay;
  private boolean failed;

  /**
   * A transfer that the remote range allows.
   *
   * @param end told once: whether all was done
   */
  VerbsTransfer(Transfer transfer, Remote remote, int chunkBytes, Consumer<Boolean> end) {
    this.transfer = transfer;
    this.remote = remote;
    this.chunkBytes = chunkBytes;
    this.end = end;
  }

  void start() {
    transfer.lend();
    underWay++; // this issuing: so the end is not told while it goes on
    issue();
    finished(true);
  }

  private void issue() {
    long size = transfer.local().byteSize();
    while (!failed && issued < size && underWay <= CHUNKS_AHEAD) {
      MemorySegment part = transfer.local().asSlice(issued, Math.min(chunkBytes, size - issued));
      long there = remote.address + transfer.target().offset() + issued;
      issued += part.byteSize();
      underWay++;
      if (transfer.isWrite()) {
        put(part, there);
      } else {
        get(part, there);
      }
    }
  }

  private void put(MemorySegment part, long there) {
    if (part.isNative()) {
      remote.card.put(part, there, remote.key, this::chunkFinished);
      return;
    }
    ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer((int) part.byteSize());
    MemorySegment source = segment(copy, part).copyFrom(part);
    remote.card.put(
        source,
        there,
        remote.key,
        well -> {
          copy.release();
          chunkFinished(well);
        });
  }

  private void get(MemorySegment part, long there) {
    if (part.isNative()) {
      remote.card.get(there, remote.key, part, this::chunkFinished);
      return;
    }
    ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer((int) part.byteSize());
    MemorySegment target = segment(copy, part);
    remote.card.get(
        there,
        remote.key,
        target,
        well -> {
          part.copyFrom(target);
          copy.release();
          chunkFinished(well);
        });
  }

  private static MemorySegment segment(ByteBuf copy, MemorySegment part) {
    return MemorySegment.ofBuffer(copy.internalNioBuffer(0, (int) part.byteSize()));
  }

  private void chunkFinished(boolean well) {
    failed |= !well;
    issue();
    finished(well);
  }

  private void finished(boolean well) {
    failed |= !well;
    underWay--;
    if (underWay > 0) {
      return;
    }
    if (transfer.isWrite() && !failed) {
      remote.card.flush(end);
    } else {
      end.accept(!failed);
    }
  }
}
