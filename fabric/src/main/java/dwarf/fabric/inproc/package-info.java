/**
 * The transport within one process: names instead of ports, a memory copy instead of a network.
 *
 * <p>It exists so that the embedded default and most tests run the very code that the distributed
 * deployment runs, at the price of a function call. A request therefore runs its handler on the
 * caller's thread whenever no other request of the same connection is under way; handing it to
 * another thread would cost more than all the rest. One-sided operations are copies under the
 * grant's lock and are complete when the call returns. All rules of the contract hold here too:
 * keys, bounds, deadlines, the bound on operations in flight, one answer per request.
 */
package dwarf.fabric.inproc;
