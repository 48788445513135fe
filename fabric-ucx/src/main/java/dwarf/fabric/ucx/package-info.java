/**
 * The transport over UCX, for RDMA networks; and, for want of one, over what else UCX has: TCP, and
 * shared memory between processes of one machine.
 *
 * <p><b>Threads.</b> UCX is driven by one thread ({@link dwarf.fabric.ucx.Progress}), and
 * everything that belongs to a connection is touched by that thread only, or by a caller that has
 * the {@link dwarf.fabric.ucx.Turn} in its place. Callers build and checksum their request on their
 * own thread, send it themselves if the turn is free, and poll for the answer ({@link
 * dwarf.fabric.ucx.Helpers}); the thread polls while traffic flows that nobody else polls for, and
 * then sleeps on the workers' descriptors. Peers that share memory with us do not share a UCX
 * worker with each other ({@link dwarf.fabric.ucx.Workers}).
 *
 * <p><b>Messages</b> are UCX's active messages, always sent eagerly: one for each message of ours,
 * but small answers to what came in together go out together ({@link dwarf.fabric.ucx.Bundle}). UCX
 * keeps their borders and does not lose any, but nothing in them is believed before it is checked:
 * magic, version, type, length, checksums of head and payload. Anything else ends that connection
 * with the reason. Which connection a message came by is told by UCX, not by the message.
 *
 * <p><b>One-sided operations, and why they are messages.</b> When a key has been revoked, nothing
 * may touch its memory any more, whatever the peer does, for the memory gets another use. A network
 * card keeps that promise: after deregistration it refuses the key. UCX's stand-ins for a card do
 * not. Over TCP its software serves a put or get at any address that the wire names, never looks at
 * a key, and ends the whole process when the peer is gone before the answer; over shared memory the
 * peer has the segment mapped and keeps it. So here one-sided operations are messages that the
 * progress thread serves by itself against the table of grants, as the tcp transport does, and
 * UCX's remote memory access is not even switched on: a context that has it would serve it to any
 * peer that asks. The price is one copy on each side and the remote progress thread's time; no
 * remote thread of the application is involved either way. A read over shared memory that checks a
 * generation word afterwards would be safe too; {@code shm://} has that case for itself.
 *
 * <p><b>Verbs</b> ({@code -Ddwarf.ucx.verbs=true} on both sides) let the card do it. That it is a
 * card is not left to a guess about what an endpoint runs on: UCX tells that only as text for
 * people. Instead the switch allows UCX the reliable connections of RDMA cards and nothing else
 * ({@code TLS=rc}), so that without such a card the fabric does not open. Each grant is a
 * registration of its own, since a card revokes registrations, not ranges; and UCX's registration
 * cache is off, since it would keep a registration, and with it the key, alive after UCX was told
 * to end it. The price is that granting pins the range and revoking unpins it. Local memory is not
 * registered on the way: UCX copies through buffers that it registered at the start.
 *
 * <p>R1. {@code revoke} ends the key in the table, waits for a copy under way, then deregisters;
 * when it returns, neither messages nor the card reach the memory. R2. It does not wait for peers.
 * They are told, and a transfer that was faster than the notice is refused by the card. R3. A card
 * that refuses ends the connection it was asked on; therefore the card has a connection of its own
 * beside the one for messages ({@link dwarf.fabric.ucx.VerbsLane}), is not needed for anything, and
 * what it fails at costs no other operation ({@link dwarf.fabric.ucx.VerbsClient}).
 *
 * <p>What verbs do not give: a card of UCX 1.13 grants writing with every registration, so that a
 * key for reading only is kept by the peer's library, not by the card; and the counters of
 * one-sided bytes and refusals count messages only.
 *
 * <p><b>Trust.</b> UCX authenticates nobody, and opens ports of its own for data on every network
 * device that it uses, not only at the address listened on. So there are two contexts: what listens
 * on or connects to this machine's loopback address is confined to the loopback device and to
 * shared memory, and only what goes to the network is on the network, without shared memory. UCX
 * itself parses what arrives before we do, and was not made for hostile peers: a network where this
 * transport listens has to be trusted.
 *
 * <p>Rejected: UCX's rendezvous for large messages (the peer decides how long our memory is held,
 * and order is lost); streams (framing and resynchronising again); tagged messages (a receive has
 * to be posted for a peer before it says anything); an own glue library instead of jucx (a C
 * compiler at build time, to save some 100 ns per message).
 */
package dwarf.fabric.ucx;
