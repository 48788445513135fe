/**
 * The evaluation: both engines on a testbed of separate processes with quotas, in turn, and a
 * report of what came out.
 */
package dwarf.evaluate;
