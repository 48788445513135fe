/** What a benchmark can ask of a database, and our own engine behind it. */
package dwarf.bench.engine;
