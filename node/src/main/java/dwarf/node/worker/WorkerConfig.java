package dwarf.node.worker;

import dwarf.base.Clock;
import dwarf.base.DwarfException;
import dwarf.base.StepListener;
import dwarf.fabric.Fabric;
import dwarf.fabric.FabricAddress;
import dwarf.protocol.ClientOptions;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a worker is and has.
 *
 * @param fabric the transport; stays the caller's
 * @param storageRoot the directory below which it may read and write, as every owner mounts it
 * @param name for people; need not be unique
 * @param slots most tasks at a time
 */
public record WorkerConfig(
    Fabric fabric,
    FabricAddress memoryNode,
    Path storageRoot,
    String name,
    int slots,
    Tuning tuning,
    StepListener steps) {

  public WorkerConfig {
    if (slots < 1 || slots > 256) {
      throw DwarfException.invalid("a worker has 1 to 256 slots, not " + slots);
    }
  }

  public static WorkerConfig of(
      Fabric fabric, FabricAddress memoryNode, Path storageRoot, String name, int slots) {
    return new WorkerConfig(
        fabric, memoryNode, storageRoot, name, slots, Tuning.DEFAULTS, StepListener.NONE);
  }

  public WorkerConfig withTuning(Tuning changed) {
    return new WorkerConfig(fabric, memoryNode, storageRoot, name, slots, changed, steps);
  }

  public WorkerConfig withSteps(StepListener listener) {
    return new WorkerConfig(fabric, memoryNode, storageRoot, name, slots, tuning, listener);
  }

  /**
   * What rarely needs changing.
   *
   * @param storageCapBytesPerSecond what the path to storage can carry, for placement; 0: unknown
   * @param targetFileBytes an SST file that has reached this size is finished
   * @param readBufferBytes memory one task may use for reading ahead
   * @param takeWait how long one request for a task waits at the memory node
   * @param retryPause between attempts to reach a memory node that does not answer
   */
  public record Tuning(
      long storageCapBytesPerSecond,
      long targetFileBytes,
      long readBufferBytes,
      Duration takeWait,
      Duration retryPause,
      ClientOptions client,
      Clock clock) {

    public static final Tuning DEFAULTS =
        new Tuning(
            0,
            64L << 20,
            32L << 20,
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            ClientOptions.DEFAULTS,
            Clock.SYSTEM);

    public Tuning withStorageCap(long bytesPerSecond) {
      return new Tuning(
          bytesPerSecond, targetFileBytes, readBufferBytes, takeWait, retryPause, client, clock);
    }

    public Tuning withTargetFileBytes(long bytes) {
      return new Tuning(
          storageCapBytesPerSecond, bytes, readBufferBytes, takeWait, retryPause, client, clock);
    }

    public Tuning withPauses(Duration take, Duration retry) {
      return new Tuning(
          storageCapBytesPerSecond, targetFileBytes, readBufferBytes, take, retry, client, clock);
    }

    public Tuning withClock(Clock other) {
      return new Tuning(
          storageCapBytesPerSecond,
          targetFileBytes,
          readBufferBytes,
          takeWait,
          retryPause,
          client,
          other);
    }
  }
}
