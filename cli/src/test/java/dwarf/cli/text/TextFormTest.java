package dwarf.cli.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextFormTest {

  @Test
  void escapesOnlyWhatWouldBreakALine() {
    assertThat(shown("plain, ü and 日本")).isEqualTo("plain, ü and 日本");
    assertThat(shown("a\tb\nc\rd\\e\u0001")).isEqualTo("a\\tb\\nc\\rd\\\\e\\x01");
    byte[] binary = {(byte) 0xff, 'a', (byte) 0xc3};
    assertThat(new String(TextForm.ESCAPE.show(binary), UTF_8)).isEqualTo("\\xffa\\xc3");
  }

  @Test
  void everyFormIsReversible() {
    long seed = Long.getLong("dwarf.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      for (TextForm form : TextForm.values()) {
        assertThat(form.parse(form.show(bytes))).as("seed %d, %s", seed, form).isEqualTo(bytes);
      }
    }
  }

  @Test
  void badTextIsRefused() {
    for (String text : new String[] {"a\\", "\\q", "\\x1", "\\xg0"}) {
      assertThatThrownBy(() -> TextForm.ESCAPE.parse(text)).isInstanceOf(DwarfException.class);
    }
    assertThatThrownBy(() -> TextForm.HEX.parse("abc")).hasMessageContaining("'abc'");
    assertThatThrownBy(() -> TextForm.HEX.parse("zz")).hasMessageContaining("'zz'");
  }

  private static String shown(String text) {
    return new String(TextForm.ESCAPE.show(text.getBytes(UTF_8)), UTF_8);
  }
}
