package dwarf.engine.commit;

import dwarf.engine.stats.Statistics;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the write path watches of the background work.
 *
 * @param dmFull whether disaggregated memory refused the last memtable
 * @param fillLimit how many bytes an active memtable may hold at the moment
 * @param flushedThrough what each family's flush marker says, for new log segments
 * @param maxStall longest wait under back-pressure
 */
public record Background(
    Backpressure backpressure,
    Health health,
    Progress progress,
    BooleanSupplier dmFull,
    LongSupplier fillLimit,
    Duration maxStall,
    Supplier<Map<Integer, Long>> flushedThrough,
    Statistics statistics) {}
