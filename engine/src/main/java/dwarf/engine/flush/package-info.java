/**
 * From sealed memtables to SST files: which memtables form a job, where its tasks run, and the one
 * place where results become part of the database.
 */
package dwarf.engine.flush;
