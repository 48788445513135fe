/** How results are told: lines as db_bench prints them, progress, JSON, comparison. */
package dwarf.bench.report;
