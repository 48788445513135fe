/** Processes: children that are always reaped, daemons that stop when told to, and their memory. */
package dwarf.process;
