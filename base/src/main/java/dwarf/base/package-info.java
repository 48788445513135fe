/**
 * The vocabulary every layer shares: errors, keys, sequence numbers, record types, cursors,
 * checksums, bounded codecs, sizes as people write them, and time. Nothing here does I/O or starts
 * a thread, and nothing here knows another module.
 */
package dwarf.base;
