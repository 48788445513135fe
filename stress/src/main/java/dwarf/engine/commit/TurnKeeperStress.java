package dwarf.engine.commit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dwarf.engine.WriteBatch;
import dwarf.engine.stats.Statistics;
import dwarf.memtable.BareLane;
import dwarf.memtable.WriteLane;
import dwarf.wal.WalBatch;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * {@link TurnKeeper}: who returns can be seen, and so can all before it; each is logged once (K1,
 * K5; V2 of {@link VisibleSequence}).
 */
public class TurnKeeperStress {

  /** Two writers with a record each. */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "each saw its own; all is shown and logged")
  @Outcome(expect = FORBIDDEN, desc = "returned too early, or logged twice or not at all")
  @State
  public static class TwoFinish {
    private final VisibleSequence visible = new VisibleSequence();
    private final CountingLog log = new CountingLog();
    private final Writers writers = new Writers(visible, log);

    private int write() {
      long written = writers.write();
      return visible.get() >= written ? 1 : 0;
    }

    @Actor
    public void one(III_Result r) {
      r.r1 = write();
    }

    @Actor
    public void other(III_Result r) {
      r.r2 = write();
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = visible.get() == 2 ? log.records : -1;
    }
  }

  /** Two writers that leave a batch each, to be logged as it is, and change it afterwards. */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "each saw its own; both were logged whole")
  @Outcome(expect = FORBIDDEN, desc = "returned too early, or logged twice, changed or not at all")
  @State
  public static class TwoBatches {
    private final VisibleSequence visible = new VisibleSequence();
    private final BatchLog log = new BatchLog();
    private final Writers writers = new Writers(visible, log);

    private int write() {
      WriteBatch batch = new WriteBatch().put(new byte[1], new byte[BatchLog.VALUE_BYTES]);
      long written = writers.write(batch);
      batch.clear();
      return visible.get() >= written ? 1 : 0;
    }

    @Actor
    public void one(III_Result r) {
      r.r1 = write();
    }

    @Actor
    public void other(III_Result r) {
      r.r2 = write();
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = visible.get() == 2 ? log.records : -1;
    }
  }

  /** Two writers that do not wait, and a walk after each; it waits for what has returned only. */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "each could be seen by a walk after it")
  @Outcome(expect = FORBIDDEN, desc = "a write returned and could not be seen")
  @State
  public static class TwoReturn {
    private final VisibleSequence visible = new VisibleSequence();
    private final Writers writers = new Writers(visible, LaneLog.NONE);

    private int writeAndWalk() {
      long written = writers.write();
      return visible.latest() >= written ? 1 : 0;
    }

    @Actor
    public void one(III_Result r) {
      r.r1 = writeAndWalk();
    }

    @Actor
    public void other(III_Result r) {
      r.r2 = writeAndWalk();
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = (int) visible.get();
    }
  }

  /** A get that meets the record of a writer that does not wait, which may have returned. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "met before it returned")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "it returned in time for the get")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "returned, and the get has it")
  @Outcome(expect = FORBIDDEN, desc = "returned, and the get passed it over")
  @State
  public static class ReturnAndMeet {
    private final VisibleSequence visible = new VisibleSequence();
    private final Writers writers = new Writers(visible, LaneLog.NONE);
    private volatile int returned;

    @Actor
    public void writer() {
      writers.write();
      returned = 1;
    }

    @Actor
    public void get(II_Result r) {
      r.r1 = returned;
      r.r2 = visible.reach(1) ? 1 : 0;
    }
  }

  /** A writer that does not wait, and the leader that ends its lane. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "it got a place, and is visible")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "it was refused")
  @Outcome(expect = FORBIDDEN, desc = "returned, and not waited for")
  @State
  public static class ReturnAndEnd {
    private final VisibleSequence visible = new VisibleSequence();
    private final Writers writers = new Writers(visible, LaneLog.NONE);

    @Actor
    public void writer(II_Result r) {
      r.r1 = writers.write() == WriteLane.REFUSED ? 0 : 1;
    }

    @Actor
    public void leader(II_Result r) {
      writers.end();
      r.r2 = (int) visible.get();
    }
  }

  /** A lane, and what a writer does there. */
  private static final class Writers {
    private final WriteLane room = BareLane.open();
    private final TurnKeeper turns;
    private final TurnKeeper.Lane lane;

    Writers(VisibleSequence visible, LaneLog log) {
      turns = new TurnKeeper(visible, new Health(), new Statistics());
      lane = new TurnKeeper.Lane(room, 0, log);
      visible.watch(turns);
      turns.begin(lane);
    }

    /** Returns the sequence number, or REFUSED. */
    long write() {
      long place = BareLane.take(room);
      if (place == WriteLane.REFUSED) {
        return WriteLane.REFUSED;
      }
      turns.finish(lane, place, BareLane.behind(place));
      return lane.lastBefore(place) + 1;
    }

    /** As the other; leaves the batch, which has one record. */
    long write(WriteBatch batch) {
      long place = BareLane.take(room);
      turns.finish(lane, place, BareLane.behind(place), batch);
      return lane.lastBefore(place) + 1;
    }

    void end() {
      BareLane.close(room);
      turns.end(lane);
    }
  }

  /** One caller at a time, and each begins where the one before ended: else a number is missing. */
  private static final class CountingLog implements LaneLog {
    private int records;

    @Override
    public void beforeShown(long from, long end) {
      if (records == WriteLane.count(from)) {
        records = WriteLane.count(end);
      }
    }
  }

  /** Counts the batches of one record that come in order and are whole. */
  private static final class BatchLog implements LaneLog {
    static final int VALUE_BYTES = 20;

    private int records;

    @Override
    public boolean takesBatches() {
      return true;
    }

    @Override
    public void beforeShown(long end, List<WalBatch> batches) {
      for (WalBatch batch : batches) {
        if (batch.firstSequence() == records + 1
            && batch.count() == 1
            && batch.bytes().byteSize() > VALUE_BYTES) {
          records++;
        }
      }
    }
  }
}
