/** The engine's use of the write-ahead log: append, sync, rotate, trim, recover, read back. */
package dwarf.engine.log;
