/** What runs beside the engines: memory nodes and workers, as daemons or inside one process. */
package dwarf.node;
