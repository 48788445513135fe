/**
 * Point reads, scans and multi-gets over a view, and the choice between the ways into disaggregated
 * memory. Unknown is never absent: a remote read that fails is repeated another way, waited for, or
 * reported, and never falls through to older data.
 */
package dwarf.engine.read;
