/** The transport over UCX. */
package dwarf.fabric.ucx;
