package dwarf.systemtests;

import dwarf.base.StepListener;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.fabric.Fabrics;
import dwarf.node.worker.Worker;
import dwarf.node.worker.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A worker in a process of its own, until its stdin ends; says "ready" when registered and then
 * every step it reaches. Arguments: memory node, storage root, step at which to die, at which
 * occurrence of it, and step at which to say "paused" and wait, the first time, for a line.
 */
final class WorkerMain {

  private static final int SLOTS = 2;
  private static final Duration TAKE_WAIT = Duration.ofMillis(500);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

  private WorkerMain() {}

  public static void main(String[] args) throws Exception {
    FabricAddress node = FabricAddress.parse(args[0]);
    CountDownLatch line = new CountDownLatch(1);
    StepListener steps = steps(new StepHalt(args[2], Integer.parseInt(args[3])), args[4], line);
    try (Fabric fabric = Fabrics.open(node.scheme());
        Worker worker =
            Worker.start(
                WorkerConfig.of(fabric, node, Path.of(args[1]), "test-worker", SLOTS)
                    .withTuning(WorkerConfig.Tuning.DEFAULTS.withPauses(TAKE_WAIT, RETRY_PAUSE))
                    .withSteps(steps))) {
      while (System.in.read() >= 0) {
        line.countDown();
      }
      System.out.println("ended with running tasks: " + worker.running());
    }
  }

  private static StepListener steps(StepHalt halt, String pauseAt, CountDownLatch line) {
    return step -> {
      System.out.println(step.equals("worker.registered") ? "ready" : "step " + step);
      halt.reached(step);
      if (step.equals(pauseAt) && line.getCount() > 0) {
        System.out.println("paused");
        try {
          line.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }
}
