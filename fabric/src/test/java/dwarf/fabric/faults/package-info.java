/**
 * Faults for tests of anything that uses a fabric, published in this module's test jar: {@link
 * dwarf.fabric.faults.FaultyFabric} injects them per operation on any transport, {@link
 * dwarf.fabric.faults.ByteProxy} does to the bytes of a TCP connection what a bad network does.
 */
package dwarf.fabric.faults;
