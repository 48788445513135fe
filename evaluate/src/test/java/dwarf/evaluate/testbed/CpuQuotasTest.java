package dwarf.evaluate.testbed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.evaluate.testbed.Emulation.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both versions of control groups, on directories that behave like them. */
class CpuQuotasTest {

  private static final RunName RUN = new RunName(ProcessHandle.current().pid(), 77);

  @TempDir Path directory;
  private FakeKernel kernel;

  @BeforeEach
  void makeKernel() {
    kernel = new FakeKernel(directory);
  }

  private CpuQuotas detect() throws IOException {
    return CpuQuotas.detect(kernel.mounts(), kernel, RUN);
  }

  @Test
  void version1HasAGroupInTheTreeOfEachController() throws IOException {
    Path cpu = kernel.mountV1("cpu");
    Path accounting = kernel.mountV1("cpuacct");
    CpuQuotas quotas = detect();
    assertThat(quotas.emulation().status()).isEqualTo(Status.EMULATED);
    assertThat(quotas.emulation().text()).contains("version 1");
    assertThat(cpu).as("the probe is gone").isEmptyDirectory();
    try (CpuGroup group = quotas.group("w", 0.25)) {
      Path made = cpu.resolve(RUN + "-w");
      assertThat(made.resolve("cpu.cfs_period_us")).hasContent("20000");
      assertThat(made.resolve("cpu.cfs_quota_us")).hasContent("5000");
      Files.writeString(accounting.resolve(RUN + "-w/cpuacct.usage"), "1500000000\n");
      assertThat(group.used()).contains(Duration.ofMillis(1500));
      assertThat(group.wrap(List.of("java", "-v")))
          .containsSubsequence(
              made.resolve("cgroup.procs").toString(),
              accounting.resolve(RUN + "-w/cgroup.procs").toString(),
              "--",
              "java",
              "-v");
    }
    assertThat(cpu).isEmptyDirectory();
    assertThat(accounting).isEmptyDirectory();
  }

  @Test
  void version1OftenHasBothControllersInOneTree() throws IOException {
    Path both = kernel.mountV1("cpu,cpuacct");
    try (CpuGroup group = detect().group("w", 2)) {
      assertThat(both.resolve(RUN + "-w/cpu.cfs_quota_us")).hasContent("40000");
      assertThat(group.used()).contains(Duration.ZERO);
    }
    assertThat(both).isEmptyDirectory();
  }

  @Test
  void version1WithoutAccountingCountsNothing() throws IOException {
    kernel.mountV1("cpu");
    try (CpuGroup group = detect().group("w", 1)) {
      assertThat(group.used()).isEmpty();
    }
  }

  @Test
  void version2IsAskedForTheControllerOnce() throws IOException {
    Path root = kernel.mountV2("cpuset cpu io memory", "memory pids");
    CpuQuotas quotas = detect();
    assertThat(quotas.emulation().text()).contains("version 2");
    detect();
    assertThat(root.resolve("cgroup.subtree_control")).hasContent("memory pids cpu");
    try (CpuGroup group = quotas.group("w", 0.25)) {
      Path made = root.resolve(RUN + "-w");
      assertThat(made.resolve("cpu.max")).hasContent("5000 20000");
      Files.writeString(made.resolve("cpu.stat"), "usage_usec 2500\nuser_usec 1000\n");
      assertThat(group.used()).contains(Duration.ofNanos(2_500_000));
    }
    assertThat(root.resolve(RUN + "-w")).doesNotExist();
  }

  @Test
  void anEmptyTreeOfVersion2BesideVersion1IsNotUsed() throws IOException {
    kernel.mountV2("", "");
    kernel.mountV1("cpu,cpuacct");
    assertThat(detect().emulation().text()).contains("version 1");
  }

  @Test
  void aLiftedQuotaComesBackWhenAllHaveRestoredIt() throws IOException {
    Path max = kernel.mountV2("cpu", "cpu").resolve(RUN + "-w").resolve("cpu.max");
    try (CpuGroup group = detect().group("w", 0.5)) {
      group.lift();
      group.lift();
      assertThat(max).hasContent("max 20000");
      group.restore();
      assertThat(max).hasContent("max 20000");
      group.restore();
      assertThat(max).hasContent("10000 20000");
    }
  }

  @Test
  void aCommandEntersItsGroupsAndRunsEvenWithBlanksInItsArguments() throws Exception {
    Path cpu = kernel.mountV1("cpu");
    kernel.mountV1("cpuacct");
    try (CpuGroup group = detect().group("w", 1)) {
      Path procs = cpu.resolve(RUN + "-w/cgroup.procs");
      Files.writeString(procs, "");
      Process echo = new ProcessBuilder(group.wrap(List.of("/bin/echo", "a  b", "--"))).start();
      assertThat(new String(echo.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("a  b --\n");
      assertThat(echo.waitFor()).isZero();
      assertThat(procs).hasContent("0");
      Files.delete(procs);
      Files.createDirectory(procs);
      Process refused = new ProcessBuilder(group.wrap(List.of("/bin/echo"))).start();
      assertThat(refused.waitFor()).as("it does not run outside of its group").isEqualTo(126);
      Files.delete(procs);
      Files.writeString(procs, "");
    }
  }

  @Test
  void withoutControlGroupsItGoesOnAndSaysWhatIsNeeded() throws IOException {
    CpuQuotas quotas = detect();
    assertThat(quotas.emulation().status()).isEqualTo(Status.MISSING);
    assertThat(quotas.emulation().text()).contains("no control groups", "as root", "--privileged");
    try (CpuGroup group = quotas.group("w", 0.25)) {
      group.lift();
      group.restore();
      assertThat(group.wrap(List.of("java"))).containsExactly("java");
      assertThat(group.used()).isEmpty();
    }
    assertThat(quotas.removeLeftovers()).isEmpty();
  }

  @Test
  void aTreeThatCannotBeWrittenIsAsGoodAsNone() throws IOException {
    kernel.mountV1("cpu,cpuacct");
    kernel.readOnly = true;
    assertThat(detect().emulation().text()).contains("Read-only file system", "as root");
    assertThat(detect().emulation().status()).isEqualTo(Status.MISSING);
  }

  @Test
  void aGroupThatIsRefusedLaterIsAnErrorAndLeavesNothing() throws IOException {
    Path cpu = kernel.mountV1("cpu");
    CpuQuotas quotas = detect();
    kernel.readOnly = true;
    assertThatThrownBy(() -> quotas.group("w", 1))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("Read-only");
    assertThat(cpu).isEmptyDirectory();
  }

  @Test
  void emptyGroupsOfRunsThatAreGoneAreRemovedAndOthersAreNot() throws Exception {
    Path cpu = kernel.mountV1("cpu,cpuacct");
    CpuQuotas quotas = detect();
    String dead = new RunName(deadPid(), 1).of("c");
    String deadInUse = new RunName(deadPid(), 2).of("c");
    for (String name : List.of(dead, deadInUse, RUN.of("mine"), "dwarf-evaluate-x", "other")) {
      kernel.make(cpu.resolve(name));
    }
    Files.writeString(cpu.resolve(deadInUse).resolve("cgroup.procs"), "1\n");
    assertThat(quotas.removeLeftovers()).containsExactly(cpu.resolve(dead).toString());
    assertThat(cpu.toFile().list())
        .containsExactlyInAnyOrder(deadInUse, RUN.of("mine"), "dwarf-evaluate-x", "other");
  }

  /** Of a process that has ended and been waited for. */
  static long deadPid() throws Exception {
    Process ended = new ProcessBuilder("/bin/true").start();
    ended.waitFor();
    return ended.pid();
  }
}
