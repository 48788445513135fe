/**
 * UCX by itself, as little of it as there can be between two processes: what the transport beside
 * it is measured against. Both sides poll without end, nothing is checked, nothing is bounded, and
 * the peer's memory is written by UCX's own remote memory access, which the transport may not use.
 * For measuring only.
 */
package dwarf.fabric.ucx.plain;
