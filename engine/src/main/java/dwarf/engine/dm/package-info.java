/**
 * The engine's side of disaggregated memory: the connection to the memory node, shipping sealed
 * memtables to it, noticing that it lost them, and rebuilding those from the WAL.
 */
package dwarf.engine.dm;
