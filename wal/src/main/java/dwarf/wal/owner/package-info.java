/**
 * Who may write to a database directory. {@link dwarf.wal.owner.DatabaseDirectory} claims it under
 * a new epoch, {@link dwarf.wal.owner.Ownership} is what the winner holds: the directories to use,
 * and the check that nobody has taken over since.
 */
package dwarf.wal.owner;
