package dwarf.micro;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The least that it takes to make writes of several threads durable together: who finds nobody at
 * it writes and syncs for all that have come, wakes them, and one of those that came meanwhile. No
 * frame, no checksum, no memtable, no order beyond that.
 */
final class SyncGroups {

  /** Makes so many records durable by one write and one sync. */
  interface Log {
    void sync(int records) throws IOException;
  }

  private static final class Member {
    final Thread thread = Thread.currentThread();
    Member next;
    volatile boolean done;
  }

  private final Log log;
  private final AtomicReference<Member> waiting = new AtomicReference<>();
  private final AtomicBoolean busy = new AtomicBoolean();

  SyncGroups(Log log) {
    this.log = log;
  }

  /** Returns when the caller's record is durable. */
  void add() throws IOException {
    Member me = new Member();
    do {
      me.next = waiting.get();
    } while (!waiting.compareAndSet(me.next, me));
    while (!me.done) {
      if (busy.compareAndSet(false, true)) {
        lead();
      } else {
        LockSupport.park(this);
      }
    }
  }

  private void lead() throws IOException {
    Member group = waiting.getAndSet(null);
    int records = 0;
    for (Member member = group; member != null; member = member.next) {
      records++;
    }
    if (records > 0) {
      log.sync(records);
    }
    busy.set(false);
    Member next = waiting.get();
    if (next != null) {
      LockSupport.unpark(next.thread);
    }
    while (group != null) {
      Member after = group.next;
      group.done = true;
      LockSupport.unpark(group.thread);
      group = after;
    }
  }
}
