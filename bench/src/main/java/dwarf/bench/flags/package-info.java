/** The flags of {@code bench}: the one place where their names, defaults and meanings are. */
package dwarf.bench.flags;
