package dwarf.node.memory;

import dwarf.jobs.WorkerLoad;
import dwarf.protocol.WorkerInfo;
import dwarf.protocol.WorkerRequests.Taken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One worker on the {@link TaskBoard}, under whose lock everything here is used. */
final class BoardWorker {

  final long id;
  final WorkerInfo info;

  /** Placed and without an outcome. */
  final Set<BoardTask> tasks = new HashSet<>();

  /** Those of {@link #tasks} that no thread of the worker has taken yet. */
  final Deque<BoardTask> queue = new ArrayDeque<>();

  /** Calls that wait for a task; some may have ended. */
  final List<Waiting.Call<Taken>> taking = new ArrayList<>();

  /** The connection it was last heard over. */
  long peer;

  boolean connected = true;
  long lastHeard;
  long storageBytesPerSecond;

  BoardWorker(long id, WorkerInfo info, long peer, long now) {
    this.id = id;
    this.info = info;
    this.peer = peer;
    this.lastHeard = now;
  }

  WorkerLoad load() {
    long rate = tasks.isEmpty() ? 0 : storageBytesPerSecond;
    return new WorkerLoad(id, tasks.size(), info.slots(), rate, info.storageCapBytesPerSecond());
  }

  void release(BoardTask task) {
    tasks.remove(task);
    queue.remove(task);
  }
}
