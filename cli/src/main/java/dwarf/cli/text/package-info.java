/** What people type and read: sizes, binary text, tables, bars and progress. No I/O of its own. */
package dwarf.cli.text;
