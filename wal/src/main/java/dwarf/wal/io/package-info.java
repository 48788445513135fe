/**
 * The few file operations on which durability rests, behind one small interface, so that tests can
 * inject errors, count operations and cut the power. The real one calls the operating system
 * directly: a Java channel would be closed by the first interrupt of a thread that uses it.
 */
package dwarf.wal.io;
