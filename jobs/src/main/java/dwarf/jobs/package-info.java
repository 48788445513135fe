/**
 * What a flush consists of, apart from who does it: cutting a job into key-range tasks, choosing
 * who runs one, and the run itself, from cursors to SST files. Nothing here starts a thread, knows
 * a network or keeps state between calls, so the owner, a worker and a test all use the same code.
 */
package dwarf.jobs;
