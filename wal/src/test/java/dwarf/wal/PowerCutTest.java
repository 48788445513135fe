package dwarf.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dwarf.base.DwarfException;
import dwarf.wal.LogFixture.Collected;
import dwarf.wal.io.DiskError;
import dwarf.wal.io.MemoryDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one log: appends, buffered or not, syncs, rotations, deletions, full disks;
 * then a kill or a power cut at a random operation, recovery (which may be cut itself), and on.
 * After every start: what comes back is everything that was durable and not flushed, then a prefix
 * of the rest.
 */
final class PowerCutTest {

  private static final int HISTORIES = Integer.getInteger("dwarf.histories", 250);
  private static final int LIVES = 8;
  private static final int STEPS = 40;

  private Random random;
  private int stops;
  private int dropped;
  private MemoryDisk disk;

  /** Every group ever appended and not lost, as first sequence and count, oldest first. */
  private List<long[]> groups;

  private long nextSequence;
  private long flushed;

  /** Everything up to here was written by a call that returned: a kill cannot undo it. */
  private long appended;

  /** Everything up to here was synced, or recovered from a disk that kept it. */
  private long durable;

  /** A life that ends before its recovery passes the doubt on to the next one. */
  private boolean powerLostBefore;

  @Test
  void noHistoryLosesWhatWasDurable() throws Exception {
    long seed = Long.getLong("dwarf.seed", System.nanoTime());
    System.out.println("seed: -Ddwarf.seed=" + seed);
    for (int history = 0; history < HISTORIES; history++) {
      random = new Random(seed + history);
      disk = LogFixture.disk();
      groups = new ArrayList<>();
      nextSequence = 1;
      flushed = 0;
      appended = 0;
      durable = 0;
      powerLostBefore = false;
      try {
        for (int life = 1; life <= LIVES; life++) {
          live(life);
        }
      } catch (AssertionError | DwarfException e) {
        throw new AssertionError("history " + history + " of seed " + seed, e);
      }
    }
    assertThat(stops).isEqualTo(HISTORIES * LIVES);
    assertThat(dropped).as("recoveries that had to cut a tail").isPositive();
  }

  private void live(int epoch) {
    boolean wasPowerLost = random.nextBoolean();
    powerLostBefore |= wasPowerLost;
    disk = wasPowerLost ? disk.afterPowerCut(random) : disk.afterKill();
    disk.stopAfter(random.nextInt(5) == 0 ? random.nextInt(12) : 20 + random.nextInt(STEPS));
    try {
      Collected collected = new Collected();
      RecoveredLog log =
          WalRecovery.recover(
              LogFixture.source(disk, epoch, 0, powerLostBefore),
              new RecoveryOptions(RecoveryMode.DEFAULT, Map.of(0, flushed)),
              collected);
      check(collected, log.report(), powerLostBefore ? durable : Math.max(appended, durable));
      dropped += log.report().dropped().size();
      powerLostBefore = false;
      write(log.writer());
    } catch (MemoryDisk.Stopped stopped) {
      stops++;
    }
  }

  private void check(Collected collected, RecoveryReport report, long mustHave) {
    List<String> expected = new ArrayList<>();
    List<long[]> kept = new ArrayList<>();
    for (long[] group : groups) {
      if (last(group) <= report.lastSequence()) {
        kept.add(group);
        for (long i = group[0]; i <= last(group); i++) {
          expected.add(i + "=k" + i);
        }
      } else {
        assertThat(group[0]).as("groups are atomic").isGreaterThan(report.lastSequence());
        assertThat(last(group)).as("durable").isGreaterThan(mustHave);
      }
    }
    int from = expected.size() - collected.records.size();
    assertThat(from).isGreaterThanOrEqualTo(0);
    assertThat(collected.records).isEqualTo(expected.subList(from, expected.size()));
    String firstNeeded =
        expected.stream().filter(r -> sequence(r) > flushed).findFirst().orElse(null);
    if (firstNeeded != null) {
      assertThat(collected.records).contains(firstNeeded);
    }
    groups = kept;
    appended = report.lastSequence();
    durable = report.lastSequence();
    nextSequence = Math.max(Math.max(nextSequence, report.highestSequence() + 1), flushed + 1);
  }

  private void write(WalWriter writer) {
    while (true) {
      switch (random.nextInt(12)) {
        case 0, 1 -> {
          writer.sync();
          durable = Math.max(durable, writer.lastSequence());
        }
        case 2 -> {
          writer.rotate(Map.of(0, flushed));
          if (random.nextBoolean()) {
            writer.syncClosed();
            durable = Math.max(durable, writer.durableThrough());
          }
        }
        case 3 -> {
          flushed = Math.max(flushed, writer.lastSequence());
          writer.deleteCovered(Map.of(0, flushed), random.nextInt(2));
        }
        case 4 -> nextSequence += random.nextInt(3);
        case 5 -> refuse(writer);
        default -> append(writer);
      }
    }
  }

  private void append(WalWriter writer) {
    int count = 1 + random.nextInt(40);
    long first = nextSequence;
    nextSequence += count;
    groups.add(new long[] {first, count});
    if (random.nextInt(3) == 0) {
      writer.appendBuffered(LogFixture.frame(first, 0, count));
    } else {
      writer.append(LogFixture.frame(first, 0, count));
      appended = nextSequence - 1;
    }
  }

  private void refuse(WalWriter writer) {
    disk.setShortWrite(random.nextInt(200));
    disk.setFault(
        (operation, file) ->
            operation.equals("write") ? new DiskError(operation, file, DiskError.ENOSPC) : null);
    // The process may die between the failed write and the cut behind it: then it may be there.
    groups.add(new long[] {nextSequence, 1});
    try {
      writer.append(LogFixture.frame(nextSequence));
      throw new AssertionError("a full disk took an append");
    } catch (DwarfException e) {
      assertThat(e.kind()).isEqualTo(DwarfException.Kind.NO_SPACE);
      groups.removeLast();
    } finally {
      disk.setFault((operation, file) -> null);
    }
  }

  private static long last(long[] group) {
    return group[0] + group[1] - 1;
  }

  private static long sequence(String record) {
    return Long.parseLong(record.substring(0, record.indexOf('=')));
  }
}
