/** What the build shows to a JVM that records, so that every later one starts warm. */
package dwarf.cli.train;
