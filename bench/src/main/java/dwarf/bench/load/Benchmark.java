package dwarf.bench.load;

import dwarf.base.DwarfException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The benchmarks, with db_bench's names and meanings. Two details are decided here because db_bench
 * contradicts itself or surprises: {@code fillsync} does a thousandth of {@code --num} writes, as
 * its help says, unless {@code --writes} is given; and a last batch that would exceed the count is
 * cut short instead of left out, so that the count is always exact.
 */
public enum Benchmark {
  FILLSEQ(Start.FRESH, Amount.WRITES),
  FILLBATCH(Start.FRESH, Amount.WRITES),
  FILLRANDOM(Start.FRESH, Amount.WRITES),
  FILLSYNC(Start.FRESH, Amount.SYNCED_WRITES),
  OVERWRITE(Start.AS_IS, Amount.WRITES),
  DELETESEQ(Start.AS_IS, Amount.DELETES),
  DELETERANDOM(Start.AS_IS, Amount.DELETES),
  READSEQ(Start.AS_IS, Amount.ENTRIES),
  READREVERSE(Start.AS_IS, Amount.ENTRIES),
  READRANDOM(Start.AS_IS, Amount.READS),
  READMISSING(Start.AS_IS, Amount.READS),
  MULTIREADRANDOM(Start.AS_IS, Amount.READS),
  SEEKRANDOM(Start.AS_IS, Amount.READS),
  READWHILEWRITING(Start.AS_IS, Amount.READS),
  READRANDOMWRITERANDOM(Start.AS_IS, Amount.READS_OR_WRITES);

  private static final int FILLBATCH_SIZE = 1000;
  private static final int FILLSYNC_PART = 1000;

  /** The database a benchmark begins with. */
  enum Start {
    FRESH,
    AS_IS
  }

  /** What limits the operations of a thread. */
  enum Amount {
    WRITES,
    SYNCED_WRITES,
    DELETES,
    READS,
    READS_OR_WRITES,
    /** As many as there are entries, and at most --reads. */
    ENTRIES
  }

  private final Start start;
  private final Amount amount;

  Benchmark(Start start, Amount amount) {
    this.start = start;
    this.amount = amount;
  }

  /** The benchmark of that name. */
  public static Benchmark named(String name) {
    return Arrays.stream(values())
        .filter(benchmark -> benchmark.text().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                DwarfException.invalid(
                    "unknown benchmark '"
                        + name
                        + "'; there are "
                        + Arrays.stream(values())
                            .map(Benchmark::text)
                            .collect(Collectors.joining(", "))
                        + ", and flush, compact, waitforcompaction"));
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the database is to be emptied first. */
  public boolean wantsFresh() {
    return start == Start.FRESH;
  }

  /** What each thread does. */
  void run(Worker worker) {
    switch (this) {
      case FILLSEQ, FILLBATCH -> Writing.sequential(worker);
      case FILLRANDOM, FILLSYNC, OVERWRITE -> Writing.random(worker);
      case DELETESEQ -> Writing.deleteSequential(worker);
      case DELETERANDOM -> Writing.deleteRandom(worker);
      case READSEQ -> Scanning.forward(worker);
      case READREVERSE -> Scanning.backward(worker);
      case READRANDOM, READWHILEWRITING -> Reading.random(worker);
      case READMISSING -> Reading.missing(worker);
      case MULTIREADRANDOM -> Reading.multi(worker);
      case SEEKRANDOM -> Scanning.seeks(worker);
      case READRANDOMWRITERANDOM -> Reading.mixed(worker);
    }
  }

  /** Whether one more thread writes until the others have finished. */
  boolean hasWriterBeside() {
    return this == READWHILEWRITING;
  }

  /** Whether operations are the entries of the database, one after the other. */
  boolean scans() {
    return amount == Amount.ENTRIES;
  }

  /** Whether it reads, keys that are chosen at random. */
  boolean readsAtRandom() {
    return amount == Amount.READS || amount == Amount.READS_OR_WRITES;
  }

  /** Whether it must find keys. */
  boolean mustFind() {
    return (readsAtRandom() && !mustMiss()) || scans();
  }

  /** Whether it asks for keys that do not exist. */
  boolean mustMiss() {
    return this == READMISSING;
  }

  /** Whether all keys of the key space exist once it is done. */
  boolean fillsAll(Workload workload) {
    return (this == FILLSEQ || this == FILLBATCH)
        && workload.amounts().writes() >= workload.amounts().num();
  }

  boolean deletes() {
    return amount == Amount.DELETES;
  }

  /** Whether --duration applies: those that go through the keys in order end by themselves. */
  boolean runsByTime() {
    return !(this == FILLSEQ || this == FILLBATCH || this == DELETESEQ || scans());
  }

  boolean syncs() {
    return this == FILLSYNC;
  }

  int batchSize(Workload workload) {
    return this == FILLBATCH ? FILLBATCH_SIZE : workload.mix().batchSize();
  }

  /** Most operations of one thread. */
  long operations(Workload.Amounts amounts) {
    return switch (amount) {
      case WRITES -> amounts.writes();
      case SYNCED_WRITES ->
          amounts.writesGiven() ? amounts.writes() : Math.max(1, amounts.num() / FILLSYNC_PART);
      case DELETES -> amounts.deletes();
      case READS, ENTRIES -> amounts.reads();
      case READS_OR_WRITES -> Math.max(amounts.reads(), amounts.writes());
    };
  }
}
