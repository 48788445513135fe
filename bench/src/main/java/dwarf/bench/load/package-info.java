/**
 * What the benchmarks do and how it is timed: the table of benchmarks, the threads that run one,
 * the schedule of a rate-limited run, and the checks that its operations were real.
 */
package dwarf.bench.load;
