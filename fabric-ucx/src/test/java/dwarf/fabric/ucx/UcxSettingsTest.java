package dwarf.fabric.ucx;

import static dwarf.fabric.ucx.UcxSettings.Reach.LOOPBACK;
import static dwarf.fabric.ucx.UcxSettings.Reach.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UcxSettingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''             | ^sm",
        "all            | ^sm",
        "^ud            | ^ud,sm",
        "posix,sysv,tcp | tcp",
        "rc,sm,tcp      | rc,tcp",
        "tcp            | tcp",
      })
  void sharedMemoryIsLeftOutOnTheNetwork(String given, String allowed) {
    UcxSettings settings = UcxSettings.of(given, false);
    assertThat(settings.transports(NETWORK)).isEqualTo(allowed);
    assertThat(settings.transports(LOOPBACK)).isEqualTo(given);
    assertThat(settings.mayShareMemory(NETWORK)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "all", "^tcp", "posix,tcp", "tcp,sm"})
  void whereMemoryMayBeSharedConnectionsAreKeptApart(String given) {
    assertThat(UcxSettings.of(given, false).mayShareMemory(LOOPBACK)).isTrue();
  }

  @Test
  void otherTransportsServeAllWithOneWorker() {
    assertThat(UcxSettings.of("tcp", false).mayShareMemory(LOOPBACK)).isFalse();
    assertThat(UcxSettings.of("", true).mayShareMemory(LOOPBACK)).isFalse();
  }

  @Test
  void nothingButSharedMemoryDoesNotReachTheNetwork() {
    assertThatThrownBy(() -> UcxSettings.of("posix,sysv", false).transports(NETWORK))
        .isInstanceOf(DwarfException.class)
        .hasMessage(
            "dwarf.ucx.tls=posix,sysv: UCX's shared memory is for loopback addresses only; add tcp"
                + " or rc");
  }
}
