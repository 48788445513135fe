package dwarf.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FabricAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp://127.0.0.1:7000",
        "tcp://node-3.rack_1.example.org:65535",
        "tcp://[::1]:0",
        "inproc://memory-1",
        "shm://memory-1"
      })
  void textRoundTrips(String text) {
    assertThat(FabricAddress.parse(text)).hasToString(text);
  }

  @Test
  void withoutSchemeItIsTcp() {
    assertThat(FabricAddress.parse("localhost:7000"))
        .isEqualTo(FabricAddress.tcp("localhost", 7000));
    assertThat(FabricAddress.parse("[fe80::1%eth0]:7000"))
        .isEqualTo(FabricAddress.tcp("fe80::1%eth0", 7000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tcp://",
        "tcp://host",
        "host",
        "host:",
        "host:70000",
        "host:-1",
        "host:7x",
        "::1:7000",
        "tcp://a b:1",
        "tcp://a/b:1",
        "TCP://a:1",
        "tcp://user@host:1",
        "inproc://",
        "inproc://name:1",
        "shm://",
        "shm://name:1",
        "shm://a/b",
        "shm://../x",
        "http:/host:1"
      })
  void badTextIsRefusedAndQuoted(String text) {
    assertThatThrownBy(() -> FabricAddress.parse(text))
        .isInstanceOfSatisfying(
            DwarfException.class,
            e -> assertThat(e.kind()).isEqualTo(DwarfException.Kind.INVALID_ARGUMENT));
  }
}
