/** The commands: each class is one, and says in its help what it does, with examples. */
package dwarf.cli.command;
