package dwarf.systemtests.model;

import dwarf.systemtests.Child;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The database in a process of its own, which can be killed at any moment. */
final class ProcessSubject implements ModelSubject {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Supplier<Child> starter;
  private Child child;

  ProcessSubject(Supplier<Child> starter) {
    this.starter = starter;
    child = starter.get();
  }

  @Override
  public byte[][] call(Request request) {
    child.send(Wire.toLine(request));
    byte[][] answer = answer();
    if (answer == null) {
      throw new AssertionError("the process ended instead of answering " + request);
    }
    return answer;
  }

  /**
   * kill -9, so long after the requests were sent, and a fresh process; returns how many requests
   * were answered before.
   */
  int killDuring(List<Request> inFlight, long nanos) {
    inFlight.forEach(request -> child.send(Wire.toLine(request)));
    LockSupport.parkNanos(nanos);
    kill();
    int answered = 0;
    while (answer() != null) {
      answered++;
    }
    child = starter.get();
    return answered;
  }

  private void kill() {
    try {
      child.kill();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next answer; null if the process ended before it gave one. */
  private byte[][] answer() {
    try {
      String line = child.next(PATIENCE);
      if (line == null) {
        return null;
      }
      if (Wire.fromLine(line) instanceof Throwable failure) {
        throw new AssertionError("the database failed", failure);
      }
      return (byte[][]) Wire.fromLine(line);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
