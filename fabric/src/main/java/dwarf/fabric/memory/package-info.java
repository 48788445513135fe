/**
 * Memory straight from the kernel, for transports that lend it: anonymous pages, and files that
 * other processes of this host map too. The only place of the fabric that calls the C library.
 */
package dwarf.fabric.memory;
