/**
 * What a read sees: immutable views of {memtables, SST snapshot}, the gate that tells when the last
 * reader of a replaced view has left, and the sources a view is made of.
 */
package dwarf.engine.view;
