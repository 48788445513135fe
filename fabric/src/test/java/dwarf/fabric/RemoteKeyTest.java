package dwarf.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import org.junit.jupiter.api.Test;

class RemoteKeyTest {

  @Test
  void equalityIsByContentAndCopiesAreTaken() {
    byte[] bytes = {1, 2, 3};
    RemoteKey key = new RemoteKey(bytes);
    bytes[0] = 9;
    key.bytes()[1] = 9;
    assertThat(key).isEqualTo(new RemoteKey(new byte[] {1, 2, 3}));
    assertThat(key).hasSameHashCodeAs(new RemoteKey(new byte[] {1, 2, 3}));
    assertThat(key).isNotEqualTo(new RemoteKey(new byte[] {1, 2}));
  }

  @Test
  void textDoesNotGiveTheSecretAway() {
    assertThat(new RemoteKey(new byte[] {77, 78, 79})).hasToString("RemoteKey[3 bytes]");
  }

  @Test
  void lengthIsBounded() {
    assertThatThrownBy(() -> new RemoteKey(new byte[0])).isInstanceOf(DwarfException.class);
    assertThatThrownBy(() -> new RemoteKey(new byte[257])).isInstanceOf(DwarfException.class);
  }
}
