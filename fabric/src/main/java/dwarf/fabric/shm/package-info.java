/**
 * The transport over shared memory, between processes of one user on one host: an exchange costs
 * two copies and no system call, a read costs a copy.
 *
 * <p><b>Meeting.</b> A listener is a Unix domain socket in a directory that only this user may
 * enter ({@link dwarf.fabric.shm.Rendezvous}); that is the whole access control, so {@code
 * insecure} means nothing here. HELLO and WELCOME go over the socket and name the files to map,
 * which have no other names ({@link dwarf.fabric.memory.SharedFile}). The socket then stays open:
 * its end tells at once that the peer is gone, kill -9 included; a byte on it wakes a sleeper;
 * pings tell of a peer that is merely stopped.
 *
 * <p><b>Messages.</b> Each connection has two rings of bytes, each with one producer and one
 * consumer ({@link dwarf.fabric.shm.RingLayout}). Threads of a process take turns at either end.
 * Positions and records that the other side wrote are checked before they are used; what makes no
 * sense ends this connection, with the reason told. The rings' file is sealed against a change of
 * its size, so a peer cannot turn an access here into a fault.
 *
 * <p><b>Waking.</b> To wake a sleeping thread costs more than everything else together. So threads
 * poll while there is traffic, bounded by {@link dwarf.fabric.spi.Patience}, and a caller that
 * waits for its reply takes it from the ring itself ({@link dwarf.fabric.shm.ShmFuture}); the
 * fabric's thread takes over when nobody does. A producer wakes only who has said that it sleeps
 * ({@link dwarf.fabric.shm.Ring} R1). Between two calls a caller is neither here nor asleep: its
 * consumer is AWAY, and gets a moment before it is woken.
 *
 * <p><b>One-sided reads.</b> Memory that the fabric allocated is a file which peers map for reading
 * only. A key is resolved by its first read, which goes through the ring; from then on the reader
 * looks into the table of grants, copies, and looks again ({@link dwarf.fabric.shm.MappedGrant}).
 * Revoking is one store, exact, and waits for no reader. Memory that was only registered is read
 * through the ring.
 *
 * <p><b>One-sided writes</b> go through the ring, and the server copies them into the region: two
 * copies, both by processors that have the ring in their caches. Rejected: mapping the pool
 * writable. A writer between its look at the grant and its last store could not be stopped, so a
 * revoked key could still change another tenant's bytes. Rejected as well: copying straight out of
 * the client (process_vm_readv), which containers often forbid.
 *
 * <p>Over memory that several hosts share (CXL) the directory may lie on its file system for pools;
 * sockets and rings are of one host all the same.
 */
package dwarf.fabric.shm;
