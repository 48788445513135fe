/**
 * What transports share: the table of granted keys, the bound on operations in flight, the rule of
 * one answer per request. For implementers of {@link dwarf.fabric.FabricProvider}, not for users.
 */
package dwarf.fabric.spi;
