package dwarf.fabric.ucx;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openucx.jucx.ucp.UcpRemoteKey;

/** A transfer on a card that answers when and how the test says. */
class VerbsTransferTest {

  private static final int CHUNK = 100;
  private static final int CHUNKS = 20;

  private final Arena arena = Arena.ofShared();
  private final FakeCard card = new FakeCard();
  private final List<Boolean> ends = new ArrayList<>();
  private Transfer transfer;

  private static final class FakeCard implements VerbsTransfer.Card {

    private final Deque<Consumer<Boolean>> underWay = new ArrayDeque<>();
    private final List<Long> places = new ArrayList<>();
    private int flushes;

    @Override
    public void get(long from, UcpRemoteKey key, MemorySegment to, Consumer<Boolean> done) {
      to.fill((byte) 7);
      places.add(from);
      underWay.add(done);
    }

    @Override
    public void put(MemorySegment from, long to, UcpRemoteKey key, Consumer<Boolean> done) {
      places.add(to);
      underWay.add(done);
    }

    @Override
    public void flush(Consumer<Boolean> done) {
      flushes++;
      underWay.add(done);
    }

    void answer(boolean well) {
      underWay.remove().accept(well);
    }

    void answerAll() {
      while (!underWay.isEmpty()) {
        answer(true);
      }
    }
  }

  private void start(boolean write, MemorySegment local) {
    RemotePlace place = new RemotePlace(1, 2, 5, 0);
    transfer =
        new Transfer(
            new Transfer.Job(place, local, write),
            new CompletableFuture<>(),
            Long.MAX_VALUE,
            () -> {});
    VerbsTransfer.Remote remote = new VerbsTransfer.Remote(card, null, 1000);
    new VerbsTransfer(
            transfer,
            remote,
            CHUNK,
            well -> {
              ends.add(well);
              transfer.comeBack(well);
            })
        .start();
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void chunksAreBoundedInNumberAndCoverAll() {
    start(false, arena.allocate(CHUNK * CHUNKS - 1));
    assertThat(card.underWay).hasSize(8);
    card.answerAll();
    assertThat(ends).containsExactly(true);
    assertThat(transfer.future).isCompleted();
    assertThat(card.places).hasSize(CHUNKS).startsWith(1005L, 1105L).endsWith(2905L);
    assertThat(card.flushes).isZero();
  }

  @Test
  void aWriteEndsWithItsFlush() {
    start(true, arena.allocate(CHUNK));
    card.answer(true);
    assertThat(transfer.future).isNotDone();
    card.answer(true);
    assertThat(card.flushes).isOne();
    assertThat(transfer.future).isCompleted();
  }

  @Test
  void aFailureEndsItOnlyWhenTheCardHasLetGoOfEverything() {
    start(true, arena.allocate(CHUNK * CHUNKS));
    card.answer(false);
    assertThat(card.underWay).hasSize(7);
    for (int i = 0; i < 7; i++) {
      assertThat(ends).isEmpty();
      assertThat(transfer.isLent()).isTrue();
      card.answer(true);
    }
    assertThat(ends).containsExactly(false);
    assertThat(card.flushes).isZero();
    assertThat(transfer.isLent()).isFalse();
    assertThat(transfer.future).isNotDone();
    assertThat(transfer.hasMore()).isTrue();
  }

  @Test
  void aTransferWhoseTimeIsUpWaitsForTheCard() {
    start(false, arena.allocate(CHUNK * 2));
    transfer.fail(MessageHead.malformed("its time is up"));
    assertThat(transfer.future).isNotDone();
    card.answer(false);
    card.answer(false);
    assertThat(transfer.future).isCompletedExceptionally();
  }

  @Test
  void heapMemoryIsReadThroughACopy() {
    MemorySegment heap = MemorySegment.ofArray(new byte[CHUNK * CHUNKS]);
    start(false, heap);
    card.answerAll();
    assertThat(heap.toArray(ValueLayout.JAVA_BYTE)).containsOnly(7);
  }
}
