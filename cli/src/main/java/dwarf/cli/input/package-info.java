/**
 * Records from files: tab-separated, CSV, JSON lines. A line that cannot be understood is reported
 * with its file and line number and counted; it is never skipped in silence.
 */
package dwarf.cli.input;
