package dwarf.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "64K, 65536",
    "64k, 65536",
    "1KB, 1000",
    "512MiB, 536870912",
    "2G, 2147483648",
    "1.5 GiB, 1610612736",
    "3TB, 3000000000000",
    "7b, 7"
  })
  void readsWhatPeopleWrite(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "G", "-1G", "12X", "1.5.2M", "9999999999T", "0.5", "1,5G", "0x10"})
  void refusesTheRestAndSaysWhat(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(DwarfException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void showsThreeOrFourDigits() {
    assertThat(ByteSize.show(0)).isEqualTo("0 B");
    assertThat(ByteSize.show(1023)).isEqualTo("1023 B");
    assertThat(ByteSize.show(1536)).isEqualTo("1.5 KiB");
    assertThat(ByteSize.show(512L << 20)).isEqualTo("512 MiB");
    assertThat(ByteSize.show(-2048)).isEqualTo("-2.0 KiB");
    assertThat(ByteSize.show(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
  }
}
