package dwarf.wal.owner;

import dwarf.base.Clock;
import dwarf.wal.io.Disk;
import dwarf.wal.io.MemoryDisk;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** Processes, machines and clocks of the test's making around a disk in memory. */
public final class World {

  public static final Duration LEASE = Duration.ofSeconds(8);

  private final Set<Long> living = new HashSet<>();
  private final Random random;
  private String boot = "boot-1";

  public World(long seed) {
    random = new Random(seed);
  }

  /** A process on the one machine; it lives until it is killed. */
  public Environment process(Disk disk, long pid) {
    living.add(pid);
    HostStamp self = stamp(pid);
    Host host =
        new Host() {
          @Override
          public HostStamp self() {
            return self;
          }

          @Override
          public Liveness judge(HostStamp other) {
            if (other.hostName().equals("elsewhere")) {
              return Liveness.UNKNOWN;
            }
            boolean isAlive = other.bootId().equals(boot) && living.contains(other.pid());
            return isAlive ? Liveness.ALIVE : Liveness.DEAD;
          }
        };
    return new Environment(disk, host, false, () -> new UUID(random.nextLong(), random.nextLong()));
  }

  /** A process of which nobody can say whether it lives. */
  public Environment remoteProcess(Disk disk, long pid) {
    Environment local = process(disk, pid);
    HostStamp self = new HostStamp("m2", "boot-x", "pid:[2]", pid, 1, "elsewhere");
    Host host =
        new Host() {
          @Override
          public HostStamp self() {
            return self;
          }

          @Override
          public Liveness judge(HostStamp other) {
            return Liveness.UNKNOWN;
          }
        };
    return new Environment(disk, host, false, local.ids());
  }

  public void kill(long pid) {
    living.remove(pid);
  }

  public void cutPower() {
    living.clear();
    boot = boot + "+";
  }

  /** The disk after all processes have died. */
  public MemoryDisk afterKill(MemoryDisk disk) {
    living.clear();
    return disk.afterKill();
  }

  private HostStamp stamp(long pid) {
    return new HostStamp("m1", boot, "pid:[1]", pid, 1, "here");
  }

  /** A clock that stands still until told. */
  public static final class ManualClock implements Clock {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    public void advance(Duration time) {
      now += time.toNanos();
    }
  }

  /** A clock that goes on a little whenever somebody looks. */
  public static final class SteppingClock implements Clock {
    private long now;

    @Override
    public long nanoTime() {
      now += 5_000_000_000L;
      return now;
    }

    public Duration elapsed() {
      return Duration.ofNanos(now);
    }
  }
}
