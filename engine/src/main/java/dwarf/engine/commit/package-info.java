/**
 * The way of a write: queue and group (one leader at a time), admission and back-pressure, WAL,
 * memtable, publication.
 */
package dwarf.engine.commit;
