/**
 * The transport over TCP, on Netty.
 *
 * <p>One connection is one socket, driven by one event loop; everything that belongs to it is
 * touched by that loop only, so there are no locks on the way and no order to argue about. Callers
 * encode and checksum their request on their own thread, queue it, and wake the loop at most once
 * for all that is queued; the loop writes the lot with one flush. Futures complete on the loop:
 * each hand-over to another thread would cost more than the operation. For the same reason the loop
 * polls for a short while after its last event before it sleeps.
 *
 * <p>One-sided operations are served by the loop of the accepting side against the table of grants,
 * in chunks: small enough that a request does not wait long behind one, with several under way so
 * that the socket is never idle. A chunk goes out straight from the source and lands straight in
 * the region or the target. Its address (key, offset, length) has a checksum of its own which is
 * verified before the first byte lands, so damaged bytes can spoil the range that was being
 * written, which its writer then knows, but no other.
 *
 * <p>Nothing the peer sends is believed before it is checked: magic, version, type, length against
 * the limit, and checksums of header and payload. Anything else closes that connection, with the
 * reason in the log, in a counter and, as far as it can still be delivered, in the peer's error.
 * There is no resynchronising: after one bad frame no later byte has a meaning. Buffers grow with
 * the bytes that have arrived, never with a length that was announced.
 *
 * <p>Both sides send a heartbeat when they have been silent, and each gives the other up when it
 * has heard nothing for its idle time-out; that is how a half-open connection ends. A server stops
 * reading from a peer that does not take its replies.
 *
 * <p>Rejected: gRPC (several times the latency and CPU per call), one connection per operation kind
 * (a second handshake and failure mode to save what chunking already saves), reading from a socket
 * into a region without Netty's buffer between (saves one copy that is in cache anyway, costs a
 * channel implementation of our own), retrying inside the transport (it cannot know what is
 * idempotent).
 */
package dwarf.fabric.tcp;
