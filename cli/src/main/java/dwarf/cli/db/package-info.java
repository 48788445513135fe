/** What the tools share about databases: how they are named and opened, and where their data is. */
package dwarf.cli.db;
