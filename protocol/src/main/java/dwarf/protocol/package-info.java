/**
 * What engine, memory node and worker say to each other: one record per message with its codec
 * beside it, the table of opcodes, and the client that speaks them over a fabric. Nothing here
 * knows how a node does its work.
 */
package dwarf.protocol;
