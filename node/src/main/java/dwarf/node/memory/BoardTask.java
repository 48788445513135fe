package dwarf.node.memory;

import dwarf.protocol.FlushTask;
import dwarf.protocol.Placement;
import dwarf.protocol.TaskStatus;
import java.util.ArrayList;
import java.util.List;

/** One attempt on the {@link TaskBoard}, under whose lock everything here is used. */
final class BoardTask {

  final FlushTask task;
  final BoardWorker worker;

  /** Calls that wait for the outcome; some may have ended. */
  final List<Waiting.Call<TaskStatus>> awaiting = new ArrayList<>();

  boolean taken;
  long lastHeard;
  long progressBytes;

  /** Null until the worker has reported one. */
  TaskStatus outcome;

  BoardTask(FlushTask task, BoardWorker worker, long now) {
    this.task = task;
    this.worker = worker;
    this.lastHeard = now;
  }

  Placement placement() {
    return new Placement(true, worker.id, worker.info.name());
  }
}
