package dwarf.wal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the real machine can prove of processes. */
final class LinuxHostTest {

  private final LinuxHost host = new LinuxHost();
  private final HostStamp self = host.self();

  @Test
  void thisProcessIsAlive() {
    assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(self.startTicks()).isPositive();
    assertThat(self.bootId()).isNotEmpty();
    assertThat(host.judge(self)).isEqualTo(Liveness.ALIVE);
    assertThat(new LinuxHost().self()).isEqualTo(self);
  }

  @Test
  void anEarlierProcessOfTheSameIdIsDead() {
    assertThat(host.judge(process(self.pid(), self.startTicks() - 1))).isEqualTo(Liveness.DEAD);
  }

  @Test
  void aProcessThatHasEndedIsDead() throws Exception {
    Process child = new ProcessBuilder("true").start();
    child.waitFor();
    assertThat(host.judge(process(child.pid(), self.startTicks()))).isEqualTo(Liveness.DEAD);
  }

  @Test
  void whatCannotBeSeenIsUnknown() {
    HostStamp otherContainer =
        new HostStamp(self.machineId(), self.bootId(), "pid:[1]", self.pid(), 1, self.hostName());
    assertThat(host.judge(otherContainer)).isEqualTo(Liveness.UNKNOWN);
    HostStamp otherMachine =
        new HostStamp("m", "b", self.pidNamespace(), self.pid(), 1, self.hostName());
    assertThat(host.judge(otherMachine)).isEqualTo(Liveness.UNKNOWN);
    assertThat(host.judge(new HostStamp("", "", "", 1, 0, ""))).isEqualTo(Liveness.UNKNOWN);
  }

  @Test
  void aMachineIdAloneDoesNotProveAReboot() {
    HostStamp renamed =
        new HostStamp(self.machineId(), "b", self.pidNamespace(), 1, 1, self.hostName() + "x");
    assertThat(host.judge(renamed)).isEqualTo(Liveness.UNKNOWN);
    HostStamp contained = new HostStamp(self.machineId(), "b", "pid:[1]", 1, 1, self.hostName());
    assertThat(host.judge(contained)).isEqualTo(Liveness.UNKNOWN);
  }

  private HostStamp process(long pid, long start) {
    return new HostStamp(
        self.machineId(), self.bootId(), self.pidNamespace(), pid, start, self.hostName());
  }
}
